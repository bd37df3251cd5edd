/** The error bodies of the three providers, as recorded or documented. */
import type { JsonObject } from "./Contract.ts"
import type { Reply } from "./Exchange.ts"

export const spotifyError = (status: number, message: string, reason?: string): Reply => ({
  status,
  body: { error: { status, message, ...(reason === undefined ? {} : { reason }) } }
})

interface GoogleDetail {
  readonly reason: string
  readonly message: string
  readonly domain?: string
  readonly location?: string
  readonly locationType?: string
  /** The message of the whole when it differs. */
  readonly outer?: string
  /** Newer errors carry a word for the status beside the code. */
  readonly statusWord?: string
}

export const googleError = (code: number, detail: GoogleDetail): Reply => {
  const { domain = "global", location, locationType = "parameter", message, outer = message, reason, statusWord } =
    detail
  return {
    status: code,
    body: {
      error: {
        errors: [{ domain, reason, message, ...(location === undefined ? {} : { locationType, location }) }],
        code,
        message: outer,
        ...(statusWord === undefined ? {} : { status: statusWord })
      }
    }
  }
}

export const googleNotFound = googleError(404, { reason: "notFound", message: "Not Found" })

export const fullSyncRequired = googleError(410, {
  domain: "calendar",
  reason: "fullSyncRequired",
  message: "Sync token is no longer valid, a full sync is required.",
  location: "syncToken"
})

export const ouraError = (status: number, title: string, detail: string): Reply => ({
  status,
  body: { status, title, detail }
})

export const ouraDetail = (status: number, detail: string): Reply => ({ status, body: { detail } })

/** A parameter that cannot be read: the validation shape. */
export const ouraUnreadable = (parameter: string, value: string): Reply => ({
  status: 422,
  body: {
    detail: [{
      loc: ["query", parameter],
      msg: "Input should be a valid datetime or date",
      type: "datetime_from_date_parsing",
      input: value
    }]
  }
})

/** The error of a token endpoint in the form of RFC 6749. */
export const oauthError = (status: number, error: string, description: string, more: JsonObject = {}): Reply => ({
  status,
  body: { ...more, error, error_description: description }
})

/** Oura's, which also has a title. */
export const ouraOauthError = (status: number, error: string, title: string, detail: string): Reply => ({
  status,
  body: { status, title, detail, error, error_description: detail }
})

/** Vendors' words for the statuses of a language model. */
const modelWords: { readonly [status: number]: readonly [openai: string, anthropic: string] } = {
  401: ["invalid_request_error", "authentication_error"],
  403: ["invalid_request_error", "permission_error"],
  404: ["invalid_request_error", "not_found_error"],
  413: ["invalid_request_error", "request_too_large"],
  429: ["rate_limit_exceeded", "rate_limit_error"],
  529: ["server_error", "overloaded_error"]
}

/** The errors of OpenAI and of Anthropic. */
export const modelError = (api: "openai" | "anthropic", status: number, message: string, param?: string): Reply => {
  const usual = status >= 500
    ? ["server_error", "api_error"] as const
    : ["invalid_request_error", "invalid_request_error"] as const
  const [openai, anthropic] = modelWords[status] ?? usual
  return api === "openai"
    ? {
      status,
      body: { error: { message, type: openai, param: param ?? null, code: status === 401 ? "invalid_api_key" : null } }
    }
    : { status, body: { type: "error", error: { type: anthropic, message } } }
}

/** A page for people, where a client expected JSON. */
export const page = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
