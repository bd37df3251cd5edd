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

    yield* page("/", "overview", async () => (await import("./days/Home.ts")).home)
    yield* page("/daily", "day", async () => (await import("./days/DayPage.tsx")).dayPage)
    yield* page("/month", "month", async () => (await import("./days/MonthPage.tsx")).monthPage)
    yield* page("/year", "year", async () => (await import("./days/YearPage.tsx")).yearPage)
    yield* page("/listening", "listening", async () => (await import("./days/ListeningPage.tsx")).listeningPage)
    yield* page("/body", "body", async () => (await import("./days/BodyPage.tsx")).bodyPage)
    yield* page("/search", "search", async () => (await import("./days/SearchPage.tsx")).searchPage)

    yield* page("/runs", "runs", async () => (await import("./machine/RunsPage.tsx")).runsPage)
    yield* page("/runs/:id", "runs", async () => (await import("./machine/RunPage.tsx")).runPage)
    yield* action("/runs/:id/cancel", "runs", async () => (await import("./machine/RunActions.ts")).cancel)
    yield* action("/runs/:id/retry", "runs", async () => (await import("./machine/RunActions.ts")).retry)
    yield* action("/syncs/:name/run", "overview", async () => (await import("./machine/RunActions.ts")).sync)

    yield* page("/schedules", "schedules", async () => (await import("./machine/SchedulesPage.tsx")).schedulesPage)
    yield* page("/schedules/:id", "schedules", async () => (await import("./machine/SchedulePage.tsx")).schedulePage)
    yield* action(
      "/schedules/:id/:action",
      "schedules",
      async () => (await import("./machine/ScheduleActions.ts")).change
    )
    yield* action("/reload", "schedules", async () => (await import("./machine/ScheduleActions.ts")).reload)

    yield* page("/dead-letters", "letters", async () => (await import("./machine/LettersPage.tsx")).lettersPage)
    yield* action("/dead-letters/:action", "letters", async () => (await import("./machine/LetterActions.ts")).change)

    yield* page("/accounts", "accounts", async () => (await import("./machine/AccountsPage.tsx")).accountsPage)
    yield* action(
      "/accounts/:provider/:action",
      "accounts",
      async () => (await import("./machine/AccountActions.ts")).change
    )
    yield* action("/sessions/:id/end", "accounts", async () => (await import("./machine/AccountActions.ts")).endSession)
  })
)

/** For the server, beside the routes of the API. */
export const dashboard = Layer.mergeAll(pages, signIn, assets).pipe(Layer.provide([ApiCalls.layer, Assets.layer]))
