/** The pages between a button about an account and what it does. */
import { Redacted } from "effect"
import type { SignIn } from "../../api/Messages.ts"
import { type Provider, providerTitle } from "../../domain/Provider.ts"
import type { View } from "../frame/View.ts"

const PasteForm = ({ csrf, provider, signIn }: {
  readonly csrf: string
  readonly provider: Provider
  readonly signIn: SignIn
}) => (
  <form method="post" action={`/accounts/${provider}/complete`} class="stack tight">
    <input type="hidden" name="csrf" value={csrf} />
    <input type="hidden" name="state" value={Redacted.value(signIn.state)} />
    <label for="answer">Address that the browser ended at, or the code in it</label>
    <input id="answer" name="answer" required autocomplete="off" autocapitalize="none" spellcheck={false} />
    <div>
      <button type="submit">Connect</button>
    </div>
  </form>
)

/**
 * Where to go on with a sign-in. A link, and no redirect: browsers let no answer to a form of this page lead to another
 * server, for its policy says `form-action 'self'`.
 */
export const connectView = ({ csrf, name, provider, signIn }: {
  readonly csrf: string
  readonly provider: Provider
  /** What a further account is to be called. */
  readonly name?: string | undefined
  readonly signIn: SignIn
}): View => {
  const title = providerTitle[provider]
  const isReceived = signIn.callback === true
  return {
    title: `Connect ${title}`,
    place: "accounts",
    body: (
      <section class="stack narrow">
        <h1>Connect {title}</h1>
        <p>
          {title} asks whether Glider may read. {isReceived
            ? "When you have agreed it leads you back here."
            : "When you have agreed the browser ends at an address that it may not be able to open: paste that here."}
        </p>
        {name !== undefined && (
          <p>
            Choose there the account that is to be called{" "}
            <strong>{name}</strong>, and not one that is connected already.
          </p>
        )}
        {signIn.reason !== undefined && <p class="wrong">{signIn.reason}</p>}
        <p class="row">
          <a class="button main" href={signIn.authorizeUrl} autofocus>Go to {title}</a>
          <a class="button" href="/accounts">Back</a>
        </p>
        {isReceived
          ? (
            <details class="data">
              <summary>The browser did not come back here?</summary>
              <p class="small soft">
                On another machine than Glider's it cannot open <code>{signIn.redirectUri}</code>. Go to {title}{" "}
                in another tab, agree, and paste the address at which that tab ends.
              </p>
              <PasteForm csrf={csrf} provider={provider} signIn={signIn} />
            </details>
          )
          : <PasteForm csrf={csrf} provider={provider} signIn={signIn} />}
      </section>
    )
  }
}

/** Asks whether it is meant. */
export const disconnectView = ({ csrf, name, provider }: {
  readonly csrf: string
  readonly provider: Provider
  /** Of a further account. */
  readonly name: string | undefined
}): View => {
  const title = name === undefined ? providerTitle[provider] : `${providerTitle[provider]} (${name})`
  return {
    title: `Disconnect ${title}?`,
    place: "accounts",
    tone: "warning",
    body: (
      <section class="stack narrow">
        <h1>Disconnect {title}?</h1>
        <p>Glider forgets the sign-in, and its syncs of {title} stop. What was synced stays.</p>
        <form method="post" action={`/accounts/${provider}/disconnect`} class="row">
          <input type="hidden" name="csrf" value={csrf} />
          <input type="hidden" name="sure" value="1" />
          {name !== undefined && <input type="hidden" name="connection" value={name} />}
          <button type="submit" class="main">Disconnect {title}</button>
          <a class="button" href="/accounts">Back</a>
        </form>
      </section>
    )
  }
}
