import type { ComponentChildren } from "preact"

/** The parts of the page that its navigation leads to. */
export const places = {
  overview: { href: "/", title: "Overview" },
  week: { href: "/?week=0", title: "Week" },
  day: { href: "/daily", title: "Day" },
  month: { href: "/month", title: "Month" },
  year: { href: "/year", title: "Year" },
  listening: { href: "/listening", title: "Listening" },
  body: { href: "/body", title: "Body" },
  affinity: { href: "/affinity", title: "Near" },
  reports: { href: "/reports", title: "Reports" },
  search: { href: "/search", title: "Search" },
  runs: { href: "/runs", title: "Runs" },
  schedules: { href: "/schedules", title: "Schedules" },
  jobs: { href: "/jobs", title: "Jobs" },
  letters: { href: "/dead-letters", title: "Dead letters" },
  reviews: { href: "/reviews", title: "Songs to review" },
  imports: { href: "/imports", title: "Imports" },
  alerts: { href: "/alerts", title: "Alerts" },
  webhooks: { href: "/webhooks", title: "Webhooks" },
  accounts: { href: "/accounts", title: "Accounts" }
} as const

export type Place = keyof typeof places

/** How things are, as the icon in the browser's tab shows it. */
export type Tone = "ok" | "warning" | "problem"

/** A page without what all pages have. */
export interface View {
  readonly title: string
  readonly place: Place
  readonly body: ComponentChildren
  readonly tone?: Tone
  /** The events after which what bears `data-live` is read again. */
  readonly live?: ReadonlyArray<"runs" | "schedules">
  /** The content uses the whole width of the window. */
  readonly wide?: boolean
  readonly status?: number
}
