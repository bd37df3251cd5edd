import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { type Breaker, BreakerName } from "../domain/Breaker.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { Api } from "./Api.ts"
import { BreakerState } from "./BreakersGroup.ts"
import { NotFound } from "./Problems.ts"

const isName = Schema.is(BreakerName)

const told = ({ failures, name, openedAt, retryAt, state }: Breaker): BreakerState =>
  new BreakerState({ name, state, failures, opened_at: openedAt, retry_at: retryAt })

export const breakersHandlers = HttpApiBuilder.group(
  Api,
  "breakers",
  Effect.fn(function*(handlers) {
    const breakers = yield* CircuitBreakers
    return handlers.handleAll({
      list: () => Effect.map(breakers.all, (all) => all.map(told)),
      reset: Effect.fnUntraced(function*({ params: { name } }) {
        if (isName(name)) return told(yield* breakers.reset(name))
        return yield* new NotFound({
          detail: `There is no circuit breaker ${name}; there are ${BreakerName.literals.join(", ")}.`,
          fix: "glider breakers list"
        })
      })
    })
  })
)
