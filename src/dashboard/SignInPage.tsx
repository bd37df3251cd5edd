/** What a browser sees that has not signed in. */
import { renderToString } from "preact-render-to-string"

/** What the page tells beside how to get in. */
export interface SignInView {
  /** What went wrong, when something did. */
  readonly problem?: string | undefined
  /** Where the person wanted to go. */
  readonly next?: string | undefined
}

const SignInDocument = ({ next, problem }: SignInView) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{"Sign in · Glider"}</title>
    </head>
    <body>
      <main id="content">
        <h1>Sign in to Glider</h1>
        {problem !== undefined && <p role="alert">{problem}</p>}
        <p>
          On the machine on which Glider runs, type <code>glider open</code>: it opens this page, signed in.
        </p>
        <p>
          In another browser: type <code>glider open --no-browser</code> there, and paste the link that it prints here.
        </p>
        <form method="post" action="/sign-in">
          {next !== undefined && <input type="hidden" name="next" value={next} />}
          <label for="code">Link or code</label>{" "}
          <input id="code" name="code" required autocomplete="off" autocapitalize="none" spellcheck={false} />{" "}
          <button type="submit">Sign in</button>
        </form>
        <p>A link works once, within 15 minutes.</p>
      </main>
    </body>
  </html>
)

const OnwardDocument = ({ path }: { readonly path: string }) => (
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

/** The page that tells how to get in. */
export const signInPage = (view: SignInView): string => `<!DOCTYPE html>${renderToString(<SignInDocument {...view} />)}`

/** A page that goes on by itself to that address of this server, this time from here. */
export const onwardPage = (path: string): string => `<!DOCTYPE html>${renderToString(<OnwardDocument path={path} />)}`
