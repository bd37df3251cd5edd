/** Mail to somebody whom the config names. */
import { Effect, Option } from "effect"
import { type AlertSink, alertVariable } from "../config/AlertKeys.ts"
import { type Letter, type Mail, MailFailed } from "../services/Mail.ts"
import type { Secrets } from "../services/Secrets.ts"

/** A table `[alerts.email.<name>]`. */
export type Mailbox = Extract<AlertSink, { readonly kind: "email" }>

/** Sends it once, with the password as it is given from outside at this moment. */
export const posted = Effect.fnUntraced(function*(
  services: { readonly mail: Mail["Service"]; readonly secrets: Secrets["Service"] },
  mailbox: Mailbox,
  letter: Omit<Letter, "from" | "to">
) {
  const { from, host, port, security, to, user } = mailbox
  const variable = alertVariable(mailbox)
  const password = yield* Effect.mapError(
    services.secrets.find(variable),
    ({ message }) => new MailFailed({ message, isFinal: false })
  )
  if (Option.isSome(user) && Option.isNone(password)) {
    return yield* new MailFailed({ message: `${variable} is not set`, isFinal: false })
  }
  yield* services.mail.send(
    { host, port, security, credentials: Option.all({ user, password }) },
    { ...letter, from, to }
  )
})
