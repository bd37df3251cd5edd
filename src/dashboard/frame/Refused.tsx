import { Predicate } from "effect"
import { HttpClientError } from "effect/http"
import type { Place, View } from "./View.ts"

interface Told {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly fix?: string | undefined
}

const text = (value: unknown): string | undefined => typeof value === "string" ? value : undefined

/** What a failure of the API says; the problem documents are all alike. */
const told = (error: unknown): Told => {
  if (Predicate.hasProperty(error, "status") && typeof error.status === "number") {
    const { status } = error
    return {
      status,
      title: text(Predicate.hasProperty(error, "title") ? error.title : undefined) ?? "That did not work",
      detail: text(Predicate.hasProperty(error, "detail") ? error.detail : undefined) ?? "",
      fix: text(Predicate.hasProperty(error, "fix") ? error.fix : undefined)
    }
  }
  return {
    status: 500,
    title: "The page could not be made",
    detail: HttpClientError.isHttpClientError(error) ? "The API gave an answer that is not understood." : "See the log."
  }
}

/** The page in place of one that could not be made, or of an action that was refused. */
export const refused = (error: unknown, place: Place, back: string): View => {
  const { detail, fix, status, title } = told(error)
  return {
    title,
    place,
    status,
    tone: "warning",
    body: (
      <section class="refused" role="alert">
        <h1>{title}</h1>
        <p>{detail}</p>
        {fix !== undefined && (
          <p>
            To mend it: <code>{fix}</code>
          </p>
        )}
        <p>
          <a class="button" href={back}>Back</a>
        </p>
      </section>
    )
  }
}
