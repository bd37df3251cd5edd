/** What a browser sees that has not signed in. */
import { Option } from "effect"
import type { Assets } from "./Assets.ts"
import { documentOf } from "./frame/Frame.tsx"
import { html } from "./frame/Html.tsx"

/** What the page tells beside how to get in. */
export interface SignInView {
  /** What went wrong, when something did. */
  readonly problem?: string | undefined
  /** Where the person wanted to go. */
  readonly next?: string | undefined
}

/** What all pages have. */
interface Around {
  readonly assets: Assets["Service"]
  readonly version: string
}

const Body = ({ next, problem }: SignInView) => (
  <section class="card stack sign-in">
    <h1>Sign in to Glider</h1>
    {problem !== undefined && <p class="notice bad" role="alert">{problem}</p>}
    <p>
      On the machine on which Glider runs, type <code>glider open</code>: it opens this page, signed in.
    </p>
    <p>
      In another browser: type <code>glider open --no-browser</code> there, and paste the link that it prints here.
    </p>
    <form method="post" action="/sign-in" class="row">
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <label for="code">Link or code</label>
      <input id="code" name="code" required autocomplete="off" autocapitalize="none" spellcheck={false} />
      <button type="submit" class="main">Sign in</button>
    </form>
    <p class="soft small">A link works once, within 15 minutes.</p>
  </section>
)

/** The page that tells how to get in. */
export const signInPage = (view: SignInView, around: Around): string =>
  documentOf({ title: "Sign in", place: "overview", body: <Body {...view} /> }, { ...around, csrf: Option.none() })

const Onward = ({ path }: { readonly path: string }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="refresh" content={`0;url=${path}`} />
      <meta name="color-scheme" content="light dark" />
      <title>Glider</title>
    </head>
    <body>
      <p>
        <a href={path}>Go on to Glider</a>
      </p>
    </body>
  </html>
)

/** A page that goes on by itself to that address of this server, this time from here. */
export const onwardPage = (path: string): string => html(<Onward path={path} />)
