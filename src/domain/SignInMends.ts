import type { Mend } from "./Mend.ts"

/** Signing in did not go through. */
export const ofSignIns = {
  NotConfigured: { what: "the id or secret of the app is missing", fix: "glider doctor", told: true },
  UnknownSignIn: {
    what: "no such sign-in is under way: it took too long, or was used",
    fix: "glider auth <provider>",
    told: true
  },
  WrongState: { what: "the answer belongs to another sign-in", fix: "glider auth <provider>", told: true },
  Unreadable: {
    what: "what was pasted is not the address that the browser ended at",
    fix: "paste the whole address, with code= in it",
    told: true
  },
  Denied: { what: "it was declined on the provider's page", fix: "glider auth <provider>", told: true },
  Refused: {
    what: "the provider ended the sign-in with an error",
    fix: "compare the app at the provider with docs/providers: client id, redirect address, test users"
  },
  MissingScope: {
    what: "a permission without which nothing works was left out",
    fix: "sign in again, and leave every permission ticked",
    told: true
  },
  NoRefreshToken: {
    what: "the provider gave no lasting sign-in",
    fix: "remove the app in your account there, then sign in again"
  },
  OtherUser: {
    what: "another account of this provider is connected",
    fix: "glider auth revoke <provider>, then glider auth <provider>",
    told: true
  },
  NameTaken: {
    what: "the name is another account's, or the account has another name",
    fix: "glider auth status shows the names; take another one",
    told: true
  },
  NotConnected: { what: "no account is connected", fix: "glider auth <provider>", told: true },
  KeyProblem: {
    what: "the key of the stored tokens is missing, exposed or another one",
    fix: "put the right key back, or sign in again",
    told: true
  },
  CallbackUnavailable: {
    what: "the port of the redirect address is taken",
    fix: "end what listens there, or: glider auth <provider> --no-browser"
  },
  CallbackTimedOut: { what: "the browser did not come back in time", fix: "glider auth <provider>", told: true },
  SecretMissing: {
    what: "a secret is set nowhere",
    fix: "export the variable that is named, or use its _FILE form",
    told: true
  },
  SecretTwice: { what: "two places hold the same secret", fix: "keep one of the two", told: true },
  SecretUnreadable: {
    what: "the file of a secret is empty or cannot be read",
    fix: "look at its path, owner and mode",
    told: true
  },
  KeyMalformed: { what: "the key is not 32 bytes", fix: "openssl rand -base64 32", told: true },
  KeyExposed: { what: "others may read the key file", fix: "chmod 600 <the key file>", told: true },
  KeyUnavailable: {
    what: "the key is gone, though something was encrypted with it",
    fix: "put the key back, or sign in again",
    told: true
  },
  WrongKey: {
    what: "the tokens were encrypted with another key",
    fix: "put that key back, or sign in again",
    told: true
  },
  Tampered: { what: "a stored token was changed, or moved to another place", fix: "glider auth <provider>" }
} as const satisfies { readonly [name: string]: Mend }
