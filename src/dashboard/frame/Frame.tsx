import { Option } from "effect"
import type { Damage } from "../../api/Damage.ts"
import type { Assets } from "../Assets.ts"
import { html } from "./Html.tsx"
import { type Place, places, type Tone, type View } from "./View.ts"

/** What the frame needs of the server. */
export interface Around {
  readonly assets: Assets["Service"]
  /** None on pages for those who are not signed in. */
  readonly csrf: Option.Option<string>
  readonly version: string
  /** What is wrong with the store, when it is only read; said on every page. */
  readonly damage?: Option.Option<Damage>
  /** How the owner writes dates, for what the script writes; none where the owner is not known. */
  readonly locale?: string | undefined
}

const life = ["overview", "week", "day", "month", "year", "listening", "body", "affinity", "reports", "search"] as const
const machine = ["runs", "schedules", "jobs", "letters", "imports", "alerts", "accounts"] as const

const colours: { readonly [T in Tone]: string } = { ok: "#2f855a", warning: "#b7791f", problem: "#c53030" }

const icon = (tone: Tone): string =>
  `data:image/svg+xml,${
    encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="${
        colours[tone]
      }"/>` +
        `<path d="M5 19 27 8 17 26l-3-6z" fill="#fff"/></svg>`
    )
  }`

const Links = ({ current, label, of }: {
  readonly of: ReadonlyArray<Place>
  readonly current: Place
  readonly label: string
}) => (
  <ul aria-label={label}>
    {of.map((place) => (
      <li key={place}>
        <a href={places[place].href} aria-current={place === current ? "page" : undefined}>{places[place].title}</a>
      </li>
    ))}
  </ul>
)

const Damaged = ({ commands, message }: Damage) => (
  <section class="notice bad damage" role="alert" aria-labelledby="damage">
    <p id="damage">
      <strong>The store is damaged, and only read</strong>
    </p>
    <p>
      Nothing is synced, and nothing can be changed here, so that no more is lost:{" "}
      {message}. What is seen may lack records.
    </p>
    <p>To mend it, stop Glider, then:</p>
    <ol>
      {commands.map((command) => (
        <li key={command}>
          <code>{command}</code>
        </li>
      ))}
    </ol>
  </section>
)

const Document = (
  { around: { assets, csrf, damage = Option.none(), locale, version }, view }: {
    readonly view: View
    readonly around: Around
  }
) => (
  <html lang="en" data-locale={locale}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${view.title} · Glider`}</title>
      <link rel="icon" href={icon(view.tone ?? "ok")} />
      {Option.isSome(assets.style) && <link rel="stylesheet" href={assets.style.value} />}
      {Option.isSome(assets.script) && <script type="module" src={assets.script.value} />}
    </head>
    <body data-live={view.live?.join(" ")}>
      <a class="skip" href="#content">Skip to the content</a>
      {Option.isSome(csrf) && (
        <header class="bar">
          <a class="brand" href="/">Glider</a>
          <nav aria-label="Main">
            <Links of={life} current={view.place} label="Your days" />
            <Links of={machine} current={view.place} label="The machine" />
          </nav>
        </header>
      )}
      {Option.isSome(damage) && <Damaged {...damage.value} />}
      <main id="content" class={view.wide === true ? "wide" : undefined} tabIndex={-1}>{view.body}</main>
      <footer class="foot">
        <span>Glider {version}</span>
        <a href="/docs">API</a>
        {Option.isSome(csrf) && (
          <form method="post" action="/sign-out">
            <input type="hidden" name="csrf" value={csrf.value} />
            <button class="quiet" type="submit">Sign out</button>
          </form>
        )}
      </footer>
    </body>
  </html>
)

/** The whole page as text. */
export const documentOf = (view: View, around: Around): string => html(<Document view={view} around={around} />)
