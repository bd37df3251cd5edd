import { Context, DateTime, Effect, Layer, Option, Redacted, Result, Schema } from "effect"
import { connect, isIP } from "node:net"
import { LatestConfig } from "../Config.ts"
import { AddressRefused } from "../domain/AddressGuard.ts"
import { guardedLookup, guardIn, HostLookup } from "./GuardedHttp.ts"

/** A server that takes mail. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` before anything is said, or not at all. */
  readonly security: "tls" | "starttls" | "none"
  readonly credentials: Option.Option<{ readonly user: string; readonly password: Redacted.Redacted<string> }>
}

/** A mail of plain text, and of HTML where there is some. */
export interface Letter {
  /** The same when the same is sent again, by which the reader's program may know it. */
  readonly id: string
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly subject: string
  readonly text: string
  readonly html: Option.Option<string>
  readonly at: DateTime.Utc
}

/** A mail was not taken. */
export class MailFailed extends Schema.TaggedError<MailFailed>()("MailFailed", {
  message: Schema.String,
  /** Whether the same mail would be refused again: the server said so (5xx), and not of the sign-in. */
  isFinal: Schema.Boolean
}) {}

/** How long the connection, the greeting and each answer may take, in milliseconds. */
const patience = 20_000

/** Sends mail by SMTP. Which servers may be reached is told as for HTTP: those of the public internet, and what `[network]` allows. */
export class Mail extends Context.Service<Mail, {
  readonly send: (server: MailServer, letter: Letter) => Effect.Effect<void, MailFailed>
}>()("glider/services/Mail") {
  static readonly layer = Layer.effect(
    Mail,
    Effect.gen(function*() {
      const guard = guardIn(yield* LatestConfig)
      const lookup = guardedLookup(guard, yield* HostLookup)

      /** A connection to an address that was judged; nothing has been said on it. */
      const connected = ({ host, port }: MailServer) =>
        Effect.acquireRelease(
          Effect.callback<ReturnType<typeof connect>, MailFailed>((resume) => {
            // what is an address already is not looked up
            const judged = isIP(host) === 0 ? Result.succeed([]) : guard().permitted(host, [host])
            if (Result.isFailure(judged)) return resume(Effect.fail(unreachable(host, judged.failure)))
            const socket = connect({ host, port, lookup, timeout: patience })
            socket.on("error", (cause) => resume(Effect.fail(unreachable(host, cause))))
            socket.once("timeout", () => socket.destroy(new Error("no answer in time")))
            socket.once("connect", () => resume(Effect.succeed(socket)))
            return Effect.sync(() => socket.destroy())
          }),
          (socket) => Effect.sync(() => socket.destroy())
        )

      const send = Effect.fn("Mail.send")(
        function*(server: MailServer, { at, from, html, id, subject, text, to }: Letter) {
          const { credentials, host, port, security } = server
          const { createTransport } = yield* Effect.promise(() => import("nodemailer"))
          const connection = yield* connected(server)
          const transport = createTransport({
            host,
            port,
            connection,
            secure: security === "tls",
            requireTLS: security === "starttls",
            ignoreTLS: security === "none",
            greetingTimeout: patience,
            socketTimeout: patience,
            disableFileAccess: true,
            disableUrlAccess: true,
            ...Option.match(credentials, {
              onNone: () => ({}),
              onSome: ({ password, user }) => ({ auth: { user, pass: Redacted.value(password) } })
            })
          })
          yield* Effect.tryPromise({
            try: () =>
              transport.sendMail({
                messageId: `<${id}@glider.invalid>`,
                from,
                to: [...to],
                subject,
                text,
                ...Option.match(html, { onNone: () => ({}), onSome: (html) => ({ html }) }),
                date: DateTime.toDateUtc(at),
                headers: { "Auto-Submitted": "auto-generated" }
              }),
            catch: (cause) => refused(host, cause)
          })
        },
        Effect.scoped
      )

      return Mail.of({ send })
    })
  )
}

const isRefused = Schema.is(AddressRefused)

const wordsOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

const unreachable = (host: string, cause: unknown): MailFailed =>
  new MailFailed({
    message: isRefused(cause) ? `${cause.message}; ${cause.fix}` : `${host} is not reached: ${wordsOf(cause)}`,
    isFinal: false
  })

const Answered = Schema.Struct({ code: Schema.String, responseCode: Schema.optional(Schema.Finite) })
const isAnswer = Schema.is(Answered)

/** A refusal of the mail itself is for good; that a sign-in fails is for a person to mend meanwhile. */
const refused = (host: string, cause: unknown): MailFailed =>
  new MailFailed({
    message: `${host} did not take it: ${wordsOf(cause)}`,
    isFinal: isAnswer(cause) && /^(EENVELOPE|EMESSAGE)$/.test(cause.code) && (cause.responseCode ?? 0) >= 500
  })
