/** The pages of one letter, and those between a button about letters and what it does. */
import { Option, type Schema } from "effect"
import type { LettersDone } from "../../api/RunMessages.ts"
import { type DeadLetter, fromOf } from "../../domain/DeadLetter.ts"
import { Act, Ago, When } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { jobHref } from "./JobWords.ts"
import { runHref, some } from "./RunWords.ts"

/** What is done to letters. */
export type Deed = "retry" | "drop"

const words = { retry: { title: "Retry", did: "retried" }, drop: { title: "Drop", did: "dropped" } } as const

/** What a drop means. */
const consequence = {
  retry: "Each run is started again with the input that it had; each record is read again.",
  drop: "Dropped letters are gone for good. What a run had done stays as it is."
} as const

/** Asks whether so many are meant. */
export const confirmView = ({ count, csrf, deed, fields, owner, what }: {
  readonly owner: Owner
  readonly csrf: string
  readonly deed: Deed
  readonly count: number
  /** Of what they are, when they are a group. */
  readonly what: string
  /** What names them: sent again with the answer. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>
}): View => {
  const question = `${words[deed].title} ${some(owner, count, "dead letter")}?`
  return {
    title: question,
    place: "letters",
    tone: "warning",
    body: (
      <section class="stack narrow">
        <h1>{question}</h1>
        {what !== "" && <p>{what}</p>}
        <p class="soft">{consequence[deed]}</p>
        <form method="post" action={`/dead-letters/${deed}`} class="row">
          <input type="hidden" name="csrf" value={csrf} />
          <input type="hidden" name="sure" value="1" />
          {fields.map(([name, value], index) => <input key={index} type="hidden" name={name} value={value} />)}
          <button type="submit" class="main" disabled={count === 0}>{words[deed].title} {number(owner, count)}</button>
          <a class="button" href="/dead-letters">Back</a>
        </form>
      </section>
    )
  }
}

/** Tells which letters stay, and why. */
export const stayedView = (owner: Owner, deed: Deed, { done, failed, matched }: LettersDone): View => ({
  title: `${failed.length} of ${matched} were not ${words[deed].did}`,
  place: "letters",
  tone: "warning",
  body: (
    <section class="stack narrow" role="alert">
      <h1>{number(owner, failed.length)} of {number(owner, matched)} were not {words[deed].did}</h1>
      {done.length > 0 && <p>{number(owner, done.length)} were.</p>}
      <ul class="stack tight">
        {failed.slice(0, 100).map(({ id, message }) => (
          <li key={id} class="anywhere">
            <code>{id}</code>: {message}
          </li>
        ))}
      </ul>
      <p>
        <a class="button" href="/dead-letters">Back</a>
      </p>
    </section>
  )
})

const rawText = (raw: string, parsed: Option.Option<Schema.Json>): string =>
  Option.match(parsed, { onNone: () => raw, onSome: (json) => JSON.stringify(json, null, 2) })

const titleOf = (letter: DeadLetter): string => {
  switch (letter._tag) {
    case "Run":
      return `Dead letter of ${letter.workflow}`
    case "Record":
      return `Unreadable record of ${letter.stream}`
    case "Delivery":
      return `Event that ${letter.endpoint} did not take`
    case "Job":
      return `Dead job ${letter.type}`
  }
}

/** One letter: a run with its input and its causes, or a record as the provider sent it. */
export const letterView = ({ csrf, input, letter, owner, raw }: {
  readonly owner: Owner
  readonly csrf: string
  readonly letter: DeadLetter
  /** Of a run. */
  readonly input: Option.Option<Schema.Json>
  /** Of a record, when it is JSON. */
  readonly raw: Option.Option<Schema.Json>
}): View => ({
  title: titleOf(letter),
  place: "letters",
  tone: "warning",
  body: (
    <>
      <header class="stack tight">
        <p class="small">
          <a href="/dead-letters">Dead letters</a>
        </p>
        <h1>{fromOf(letter)}</h1>
        <p class="small soft mono anywhere">{letter.id}</p>
      </header>
      <section class="card failure" aria-label="What went wrong">
        {(letter._tag === "Run" || letter._tag === "Job") && (
          <h2>
            <span aria-hidden="true">✕</span> {letter.error.tag}
          </h2>
        )}
        <pre>{letter._tag === "Run" || letter._tag === "Job" ? letter.error.message : letter.problem}</pre>
        {letter._tag === "Run" && letter.chain.length > 1 && (
          <ul class="small">{letter.chain.slice(1).map((cause, index) => <li key={index}>caused by: {cause}</li>)}</ul>
        )}
        {letter._tag === "Run" && Option.isSome(letter.error.fix) && (
          <p>
            To mend it: <code>{letter.error.fix.value}</code>
          </p>
        )}
      </section>
      <div class="row">
        <Act action="/dead-letters/retry" csrf={csrf} fields={{ id: letter.id }}>Retry</Act>
        <Act action="/dead-letters/drop" csrf={csrf} fields={{ id: letter.id }}>Drop</Act>
        {letter._tag === "Job" && <a class="button" href={jobHref(letter.job)}>The job</a>}
        {letter._tag === "Run" && (
          <a class="button" href={runHref(letter.run)}>The run, and a retry with another input</a>
        )}
      </div>
      <dl class="facts">
        {letter._tag !== "Record"
          ? (
            <>
              <dt>Failed</dt>
              <dd>
                <When owner={owner} at={letter.at} />, <Ago owner={owner} at={letter.at} />
              </dd>
              <dt>Tries</dt>
              <dd>{letter.attempts}</dd>
            </>
          )
          : (
            <>
              <dt>Connection</dt>
              <dd>{letter.connection}</dd>
              <dt>First read</dt>
              <dd>
                <When owner={owner} at={letter.at} />
              </dd>
              <dt>Last read</dt>
              <dd>
                <When owner={owner} at={letter.lastSeenAt} />
              </dd>
            </>
          )}
      </dl>
      {(letter._tag === "Run" || letter._tag === "Record") && (
        <section class="stack tight" aria-labelledby="content-title">
          <h2 id="content-title">{letter._tag === "Run" ? "Input" : "Record, as it was sent"}</h2>
          {letter._tag === "Run"
            ? Option.match(input, {
              onNone: () => <p class="soft">The input is no longer kept.</p>,
              onSome: (json) => <pre class="code">{JSON.stringify(json, null, 2)}</pre>
            })
            : <pre class="code">{rawText(letter.raw, raw)}</pre>}
        </section>
      )}
    </>
  )
})
