/** The web page: what stands at which address. Everything that it shows comes from the API. */
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { ApiCalls } from "./ApiCalls.ts"
import { Assets, assets } from "./Assets.ts"
import { routing } from "./frame/Pages.ts"
import { signIn } from "./SignIn.ts"

const pages = HttpRouter.use(() =>
  Effect.gen(function*() {
    const { action, page } = yield* routing

    yield* page("/", "overview", () => import("./days/Home.ts").then(({ home }) => home))
    yield* page("/daily", "day", () => import("./days/DayPage.tsx").then(({ dayPage }) => dayPage))
    yield* page("/month", "month", () => import("./days/MonthPage.tsx").then(({ monthPage }) => monthPage))
    yield* page("/year", "year", () => import("./days/YearPage.tsx").then(({ yearPage }) => yearPage))
    yield* page("/listening", "listening", () =>
      import("./days/ListeningPage.tsx").then(({ listeningPage }) =>
        listeningPage
      ))
    yield* page("/body", "body", () => import("./days/BodyPage.tsx").then(({ bodyPage }) => bodyPage))
    yield* page(
      "/affinity",
      "affinity",
      () => import("./days/AffinityPage.tsx").then(({ affinityPage }) => affinityPage)
    )
    yield* page("/reports", "reports", () => import("./days/ReportsPage.tsx").then(({ reportsPage }) => reportsPage))
    yield* page("/reports/:key", "reports", () => import("./days/ReportPage.tsx").then(({ reportPage }) => reportPage))
    yield* action(
      "/reports/make",
      "reports",
      () => import("./days/ReportActions.ts").then(({ makeReport }) => makeReport)
    )
    yield* page("/search", "search", () => import("./days/SearchPage.tsx").then(({ searchPage }) => searchPage))

    yield* page("/runs", "runs", () => import("./machine/RunsPage.tsx").then(({ runsPage }) => runsPage))
    yield* page("/runs/:id", "runs", () => import("./machine/RunPage.tsx").then(({ runPage }) => runPage))
    yield* action("/runs/:id/cancel", "runs", () => import("./machine/RunActions.ts").then(({ cancel }) => cancel))
    yield* action("/runs/:id/retry", "runs", () => import("./machine/RunActions.ts").then(({ retry }) => retry))
    yield* action("/syncs/:name/run", "overview", () => import("./machine/RunActions.ts").then(({ sync }) => sync))

    yield* page(
      "/schedules",
      "schedules",
      () => import("./machine/SchedulesPage.tsx").then(({ schedulesPage }) => schedulesPage)
    )
    yield* page(
      "/schedules/:id",
      "schedules",
      () => import("./machine/SchedulePage.tsx").then(({ schedulePage }) => schedulePage)
    )
    yield* action(
      "/schedules/:id/:action",
      "schedules",
      () => import("./machine/ScheduleActions.ts").then(({ change }) => change)
    )
    yield* action("/reload", "schedules", () => import("./machine/ScheduleActions.ts").then(({ reload }) => reload))

    yield* page("/jobs", "jobs", () => import("./machine/JobsPage.ts").then(({ jobsPage }) => jobsPage))
    yield* page("/jobs/:id", "jobs", () => import("./machine/JobsPage.ts").then(({ jobPage }) => jobPage))
    yield* action("/jobs/:id/cancel", "jobs", () => import("./machine/JobActions.ts").then(({ cancel }) => cancel))
    yield* action("/jobs/:id/retry", "jobs", () => import("./machine/JobActions.ts").then(({ retry }) => retry))

    yield* page("/dead-letters", "letters", () =>
      import("./machine/LettersPage.tsx").then(({ lettersPage }) =>
        lettersPage
      ))
    yield* action("/dead-letters/:action", "letters", () =>
      import("./machine/LetterActions.ts").then(({ change }) =>
        change
      ))

    yield* page("/reviews", "reviews", () =>
      import("./machine/ReviewsPage.ts").then(({ reviewsPage }) =>
        reviewsPage
      ))
    yield* action(
      "/reviews/:id/approve",
      "reviews",
      () => import("./machine/ReviewActions.ts").then(({ approve }) => approve)
    )
    yield* action(
      "/reviews/:id/reject",
      "reviews",
      () => import("./machine/ReviewActions.ts").then(({ reject }) => reject)
    )

    yield* page(
      "/imports",
      "imports",
      () => import("./machine/ImportsPage.ts").then(({ importsPage }) => importsPage)
    )
    yield* action(
      "/imports/address",
      "imports",
      () => import("./machine/ImportActions.ts").then(({ readAddress }) => readAddress)
    )
    yield* action(
      "/imports/candidates/:id/approve",
      "imports",
      () => import("./machine/ImportActions.ts").then(({ approve }) => approve)
    )
    yield* action(
      "/imports/candidates/:id/reject",
      "imports",
      () => import("./machine/ImportActions.ts").then(({ reject }) => reject)
    )

    yield* page("/alerts", "alerts", () => import("./machine/AlertsPage.ts").then(({ alertsPage }) => alertsPage))
    yield* action("/alerts/test", "alerts", () => import("./machine/AlertsPage.ts").then(({ test }) => test))

    yield* page("/webhooks", "webhooks", () =>
      import("./machine/WebhooksPage.ts").then(({ webhooksPage }) =>
        webhooksPage
      ))
    yield* action("/webhooks/:name/:action", "webhooks", () =>
      import("./machine/WebhooksPage.ts").then(({ change }) =>
        change
      ))

    yield* page("/accounts", "accounts", () =>
      import("./machine/AccountsPage.tsx").then(({ accountsPage }) =>
        accountsPage
      ))
    yield* action(
      "/accounts/:provider/:action",
      "accounts",
      () =>
        import("./machine/AccountActions.ts").then(({ change }) =>
          change
        )
    )
    yield* action(
      "/sessions/:id/end",
      "accounts",
      () => import("./machine/AccountActions.ts").then(({ endSession }) => endSession)
    )
  })
)

/** For the server, beside the routes of the API. */
export const dashboard = Layer.mergeAll(pages, signIn, assets).pipe(Layer.provide([ApiCalls.layer, Assets.layer]))
