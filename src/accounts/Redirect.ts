/** What the browser brought back, read from the address it was sent to (RFC 6749, 4.1.2). */
import { Option } from "effect"

/** The parts of a redirect that mean something. */
export interface Redirect {
  /** Origin and path; none when only the parameters, or the code alone, were given. */
  readonly address: Option.Option<string>
  readonly code: Option.Option<string>
  readonly state: Option.Option<string>
  readonly error: Option.Option<string>
  readonly errorDescription: Option.Option<string>
  /** The issuer (RFC 9207). */
  readonly issuer: Option.Option<string>
  /** What was granted; Google and Oura say so here. */
  readonly scope: Option.Option<string>
}

/** Origin and path of an address, as redirect addresses are compared. */
export const bareAddress = (url: URL): string => `${url.origin}${url.pathname}`

/**
 * Reads an address, its parameters alone, or a code alone, as a person pastes it: with quotes, brackets or line breaks
 * around. None when a parameter stands there twice, or there is nothing to read.
 */
export const readRedirect = (pasted: string): Option.Option<Redirect> => {
  const text = pasted.replace(/\s+/g, "").replace(/^[<"'`]+|[>"'`]+$/g, "")
  if (text === "") return Option.none()
  const isQuery = /^[?#]?(\w+=[^&]*)(&|$)/.test(text)
  if (!isQuery && !/[/?]/.test(text)) return Option.some({ ...nothing, code: Option.some(text) })
  // a code may hold a slash: Google's begin with 4/
  const url = isQuery ? null : URL.parse(text) ?? URL.parse(`http://${text}`)
  if (!isQuery && (url === null || !/[?]/.test(text))) {
    return /^[\w./~-]+$/.test(text) && !text.includes("//")
      ? Option.some({ ...nothing, code: Option.some(text) })
      : Option.none()
  }
  const parameters = url?.searchParams ?? new URLSearchParams(text.replace(/^[?#]/, ""))
  const names = ["code", "state", "error", "error_description", "iss", "scope"]
  if (names.some((name) => parameters.getAll(name).length > 1)) return Option.none()
  const read = (name: string) => Option.filter(Option.fromNullOr(parameters.get(name)), (value) => value !== "")
  return Option.some({
    address: Option.map(Option.fromNullOr(url), bareAddress),
    code: read("code"),
    state: read("state"),
    error: read("error"),
    errorDescription: read("error_description"),
    issuer: read("iss"),
    scope: read("scope")
  })
}

const nothing: Redirect = {
  address: Option.none(),
  code: Option.none(),
  state: Option.none(),
  error: Option.none(),
  errorDescription: Option.none(),
  issuer: Option.none(),
  scope: Option.none()
}
