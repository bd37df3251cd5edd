/** What a person can do with a run. */
import { Option, type Schema } from "effect"
import type { Run } from "../../domain/Run.ts"
import { Act } from "../frame/Bits.tsx"
import { runHref } from "./RunWords.ts"

/** An input as it was typed, and why it was refused. */
export interface Typed {
  readonly text: string
  readonly problems: ReadonlyArray<string>
}

/** Ends a run, or begins it again. */
export const RunButtons = ({ csrf, run }: { readonly csrf: string; readonly run: Run }) => {
  const isOver = Option.isSome(run.finishedAt)
  const action = runHref(run.id)
  return (
    <div class="row">
      {(isOver || run.state === "parked") && (
        <Act action={`${action}/retry`} csrf={csrf}>{run.state === "parked" ? "Go on" : "Retry"}</Act>
      )}
      {!isOver && !run.cancelRequested && <Act action={`${action}/cancel`} csrf={csrf}>Cancel</Act>}
      {!isOver && (
        <details class="inline">
          <summary>Cancel now</summary>
          <p class="small soft">
            Interrupts the activity under way instead of waiting for its end. What it did outside may stay half done.
          </p>
          <Act action={`${action}/cancel`} csrf={csrf} fields={{ now: "1" }}>Interrupt and cancel</Act>
        </details>
      )}
    </div>
  )
}

const pretty = (input: Schema.Json): string => JSON.stringify(input, null, 2)

/** Tries a run that is over again, with another input. */
export const RetryForm = ({ csrf, input, run, typed }: {
  readonly csrf: string
  readonly run: Run
  readonly input: Option.Option<Schema.Json>
  readonly typed: Option.Option<Typed>
}) => {
  if (Option.isNone(run.finishedAt)) return null
  const text = Option.match(typed, {
    onNone: () => Option.match(input, { onNone: () => "", onSome: pretty }),
    onSome: (known) => known.text
  })
  const problems = Option.match(typed, { onNone: () => [], onSome: (known) => known.problems })
  return (
    <details class="data" open={problems.length > 0}>
      <summary>Retry with another input</summary>
      <form method="post" action={`${runHref(run.id)}/retry`} class="stack">
        <input type="hidden" name="csrf" value={csrf} />
        <label for="input">Input, as JSON</label>
        {Option.isNone(input) && <p class="small soft">The input of this run is no longer kept.</p>}
        {problems.length > 0 && (
          <div id="input-problems" class="wrong" role="alert">
            {problems.map((problem) => <p key={problem}>{problem}</p>)}
          </div>
        )}
        <textarea
          id="input"
          name="input"
          rows={Math.min(24, Math.max(4, text.split("\n").length + 1))}
          class="mono"
          spellcheck={false}
          aria-invalid={problems.length > 0 ? "true" : undefined}
          aria-describedby={problems.length > 0 ? "input-problems" : undefined}
          value={text}
        />
        <div>
          <button type="submit">Retry with this input</button>
        </div>
      </form>
    </details>
  )
}
