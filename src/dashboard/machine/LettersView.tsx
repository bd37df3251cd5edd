/** The dead letters, by what went wrong. They do not change by themselves: what was chosen would stand at other letters then. */
import { Option } from "effect"
import { Act, Ago, Badge, Empty } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { fixOf, type LetterGroup, letterHref, messageOf } from "./LetterGroups.ts"
import { some } from "./RunWords.ts"

/** All that it shows. */
export interface LettersData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  /** Empty for both kinds. */
  readonly kind: string
  readonly groups: ReadonlyArray<LetterGroup>
  /** How many there are, which may be more than those that were read. */
  readonly total: number
  readonly read: number
  /** Whether these are the newest. */
  readonly isFirst: boolean
  /** Where those begin that are older than the ones that were read. */
  readonly older: Option.Option<string>
}

/** Letters of a group that can be chosen one by one. */
const mostListed = 100

/** What was done, as the address says it. */
const Told = ({ owner, query }: Pick<LettersData, "owner" | "query">) => {
  const count = Number(query.get("n"))
  const done = query.get("done")
  if (!Number.isSafeInteger(count) || (done !== "retried" && done !== "dropped")) return null
  return <p class="notice" role="status">{some(owner, count, "letter")} {done}.</p>
}

const Letters = ({ csrf, group, index, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly group: LetterGroup
  readonly index: number
}) => {
  const shown = group.letters.slice(0, mostListed)
  return (
    <details class="data">
      <summary>{group.letters.length === 1 ? "The letter" : "Choose some of them"}</summary>
      <form method="post" action="/dead-letters/retry" class="stack tight" aria-label={`Letters of group ${index + 1}`}>
        <input type="hidden" name="csrf" value={csrf} />
        <ul class="letters">
          {shown.map((letter, at) => (
            <li key={letter.id}>
              <input type="checkbox" name="id" value={letter.id} id={`letter-${index}-${at}`} />
              <label for={`letter-${index}-${at}`}>
                <Ago owner={owner} at={letter.at} /> <span class="soft">{messageOf(letter)}</span>
              </label>
              <a
                class="small"
                href={letterHref(letter.id)}
                aria-label={`Details of letter ${at + 1} of group ${index + 1}`}
              >
                Details
              </a>
            </li>
          ))}
        </ul>
        {group.letters.length > shown.length && <p class="small soft">The newest {mostListed} of them.</p>}
        <div class="row">
          <button type="submit">Retry the chosen</button>
          <button type="submit" formAction="/dead-letters/drop">Drop the chosen</button>
        </div>
      </form>
    </details>
  )
}

const Group = ({ csrf, group, index, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly group: LetterGroup
  readonly index: number
}) => {
  const { error, from, kind, letters } = group
  const [newest] = letters
  const fields = { kind, from, error }
  const fix = fixOf(newest)
  const id = `group-${index}`
  return (
    <section class="card stack tight" aria-labelledby={id}>
      <header class="row spread">
        <h2 id={id}>
          {error} <span class="soft">in {from}</span>
        </h2>
        <Badge kind="failed" text={some(owner, letters.length, kind)} />
      </header>
      <p class="anywhere">{messageOf(newest)}</p>
      <p class="small soft">
        The newest <Ago owner={owner} at={newest.at} />.
        {Option.isSome(fix) && (
          <>
            {" "}To mend it: <code>{fix.value}</code>
          </>
        )}
      </p>
      <div class="row">
        <Act action="/dead-letters/retry" csrf={csrf} fields={fields} label={`Retry all: ${error} in ${from}`}>
          Retry all
        </Act>
        <Act action="/dead-letters/drop" csrf={csrf} fields={fields} label={`Drop all: ${error} in ${from}`}>
          Drop all
        </Act>
      </div>
      <Letters owner={owner} csrf={csrf} group={group} index={index} />
    </section>
  )
}

const kinds = [["", "All"], ["run", "Runs"], ["record", "Records"], ["delivery", "Deliveries"], [
  "job",
  "Jobs"
]] as const

const href = (kind: string, more: { readonly [name: string]: string } = {}): string => {
  const query = new URLSearchParams({ ...kind === "" ? {} : { kind }, ...more }).toString()
  return query === "" ? "/dead-letters" : `/dead-letters?${query}`
}

/** What is done with all of them, whatever went wrong. */
const Everything = ({ csrf, kind }: Pick<LettersData, "csrf" | "kind">) => {
  const fields = { every: "1", ...kind === "" ? {} : { kind } }
  return (
    <div class="row">
      <Act action="/dead-letters/retry" csrf={csrf} fields={fields}>Retry everything</Act>
      <Act action="/dead-letters/drop" csrf={csrf} fields={fields}>Drop everything</Act>
    </div>
  )
}

/** How many of them these are, and where the others are. */
const Others = ({ isFirst, kind, older, owner, read, total }: LettersData) =>
  isFirst && Option.isNone(older) ? null : (
    <nav class="row" aria-label="More letters">
      <p class="small soft">
        {isFirst ? "These are the newest" : "These are older ones:"} {number(owner, read)} of {number(owner, total)}.
      </p>
      {!isFirst && <a class="button" href={href(kind)}>Newest</a>}
      {Option.isSome(older) && <a class="button" href={href(kind, { after: older.value })}>Older</a>}
    </nav>
  )

export const lettersView = (data: LettersData): View => {
  const { csrf, groups, kind, owner, query, read, total } = data
  return {
    title: total === 0 ? "No dead letters" : some(owner, total, "dead letter"),
    place: "letters",
    ...total > 0 ? { tone: "warning" } : {},
    body: (
      <>
        <Told owner={owner} query={query} />
        <header class="row spread">
          <h1>Dead letters</h1>
          <nav aria-label="Kind of letter">
            <ul class="tabs">
              {kinds.map(([value, text]) => (
                <li key={value}>
                  <a
                    href={href(value)}
                    aria-current={value === kind ? "true" : undefined}
                  >
                    {text}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <p class="soft">What failed for good waits here until you retry or drop it.</p>
        {(groups.length > 1 || total > read) && <Everything csrf={csrf} kind={kind} />}
        <div class="stack">
          {groups.length === 0 && <Empty>Nothing waits here.</Empty>}
          {groups.map((group, index) => (
            <Group
              key={`${group.kind} ${group.from} ${group.error}`}
              owner={owner}
              csrf={csrf}
              group={group}
              index={index}
            />
          ))}
          <Others {...data} />
        </div>
      </>
    )
  }
}
