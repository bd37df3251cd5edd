import { Schema } from "effect"
import { Provider } from "../domain/Provider.ts"

const fields = { message: Schema.String }

/** The app's id or secret is missing or unreadable. */
export class NotConfigured extends Schema.TaggedError<NotConfigured>()("NotConfigured", fields) {}

/** The state belongs to no sign-in that is under way: never begun, over, or used. */
export class UnknownSignIn extends Schema.TaggedError<UnknownSignIn>()("UnknownSignIn", fields) {}

/** The answer belongs to another sign-in than the one it was given for. */
export class WrongState extends Schema.TaggedError<WrongState>()("WrongState", fields) {}

/** The text is not the address the browser was sent to. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", fields) {}

/** The person said no. */
export class Denied extends Schema.TaggedError<Denied>()("Denied", fields) {}

/** The provider ended the sign-in with an error of another kind. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", fields) {}

/** The person left out a permission without which nothing works. */
export class MissingScope extends Schema.TaggedError<MissingScope>()("MissingScope", fields) {}

/** The provider gave no refresh token, so the sign-in would end within the hour. */
export class NoRefreshToken extends Schema.TaggedError<NoRefreshToken>()("NoRefreshToken", fields) {}

/** Another account of this provider is connected. */
export class OtherUser extends Schema.TaggedError<OtherUser>()("OtherUser", fields) {}

/** The name is another account's, or the account has another name. */
export class NameTaken extends Schema.TaggedError<NameTaken>()("NameTaken", fields) {}

/** Nothing is connected. */
export class NotConnected extends Schema.TaggedError<NotConnected>()("NotConnected", fields) {}

/** The key of the stored tokens is missing, exposed or another one. */
export class KeyProblem extends Schema.TaggedError<KeyProblem>()("KeyProblem", fields) {}

/** The listener for the browser's redirect cannot be opened. */
export class CallbackUnavailable extends Schema.TaggedError<CallbackUnavailable>()("CallbackUnavailable", fields) {}

/** The browser did not come back in time. */
export class CallbackTimedOut extends Schema.TaggedError<CallbackTimedOut>()("CallbackTimedOut", fields) {}

/** What goes wrong with accounts by itself; failures of the provider are `ProviderError`s. */
export class AccountsError extends Schema.TaggedError<AccountsError>()("AccountsError", {
  provider: Provider,
  reason: Schema.Union([
    NotConfigured,
    UnknownSignIn,
    WrongState,
    Unreadable,
    Denied,
    Refused,
    MissingScope,
    NoRefreshToken,
    OtherUser,
    NameTaken,
    NotConnected,
    KeyProblem,
    CallbackUnavailable,
    CallbackTimedOut
  ])
}) {
  override get message(): string {
    return this.reason.message
  }
}
