/** Imports, and what of them waits for a person, from what the API has said. */
import { Option } from "effect"
import type { CandidateInfo, ImportInfo } from "../../api/ImportMessages.ts"
import { Ago, Badge, Empty, Notice, shown } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import type { View } from "../frame/View.ts"
import { CandidateCard } from "./CandidateCards.tsx"
import { AddressForm, FileWords, type Trouble } from "./ImportForms.tsx"
import { outcomesOf, sizeText } from "./ImportWords.ts"
import { runHref, some } from "./RunWords.ts"

/** All that it shows. */
export interface ImportsData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly imports: ReadonlyArray<ImportInfo>
  readonly candidates: ReadonlyArray<CandidateInfo>
  /** Whether more wait than are shown. */
  readonly more: boolean
  readonly trouble?: Option.Option<Trouble>
}

const done = {
  reading: "The calendar has come, and is being read.",
  unchanged: "Nothing has changed since it was read.",
  same: "They count as one listening.",
  two: "They count as two listenings."
}

const kinds = { history: "History", calendar: "Calendar" } as const

/** How far it is, or what came of it. */
const Reached = ({ info, owner }: { readonly owner: Owner; readonly info: ImportInfo }) => {
  if (Option.isNone(info.result)) {
    if (Option.isSome(info.finished_at)) return null
    return (
      <span class="progress">
        {shown(info.fraction, (fraction) => (
          <progress
            value={fraction}
            max={1}
            aria-label={`How much is read of ${Option.getOrElse(info.file, () => info.id)}`}
          />
        ))}
        <span class="small soft">{Option.getOrElse(info.progress, () => "not begun to read")}</span>
      </span>
    )
  }
  const result = info.result.value
  return (
    <>
      <span class="block">
        {outcomesOf(owner, result).map(({ href, text }, index) => (
          <span key={text}>
            {index > 0 && ", "}
            {href === undefined ? text : <a href={href}>{text}</a>}
          </span>
        ))}
      </span>
      <span class="small soft block">of {sizeText(owner, { kind: info.kind, result })}</span>
    </>
  )
}

const Imports = ({ imports, owner }: { readonly owner: Owner; readonly imports: ReadonlyArray<ImportInfo> }) => (
  <Table title="Imports" columns={["File or calendar", "Whose", "Begun", "State", "What came of it"]}>
    {imports.map((info) => (
      <tr key={info.id}>
        <th scope="row">
          <a href={runHref(info.id)}>{Option.getOrElse(info.file, () => info.id)}</a>
        </th>
        <td>
          {kinds[info.kind]}
          {shown(info.connection, (connection) => <span class="small soft block">{connection}</span>)}
        </td>
        <td>
          <Ago owner={owner} at={info.started_at} />
        </td>
        <td>
          <Badge kind={info.status} />
        </td>
        <td class="result">
          <Reached owner={owner} info={info} />
          {shown(info.error, ({ fix, message }) => (
            <div class="small anywhere">
              <p class="wrong">{message}</p>
              {shown(fix, (what) => <p>What to do: {what}</p>)}
            </div>
          ))}
        </td>
      </tr>
    ))}
  </Table>
)

const Nothing = () => (
  <Empty>
    Nothing was imported. Spotify's feed has the last 50 plays and nothing older: ask for the rest at spotify.com, under
    your account, Account privacy, Download your data, <strong>Extended streaming history</strong>{" "}
    alone. It comes as a zip within 30 days; then type{" "}
    <code>glider import my_spotify_data.zip</code>. A calendar comes in by its address, or as an .ics file.
  </Empty>
)

export const importsView = (
  { candidates, csrf, imports, more, owner, query, trouble = Option.none() }: ImportsData
): View => ({
  title: candidates.length === 0
    ? "Imports"
    : `${some(owner, candidates.length, "stream")}${more ? " and more" : ""} ${
      candidates.length === 1 ? "waits" : "wait"
    } for you`,
  place: "imports",
  ...candidates.length > 0 || Option.isSome(trouble) ? { tone: "warning" } : {},
  live: ["runs"],
  body: (
    <>
      <Notice query={query} texts={done} />
      <h1>Imports</h1>
      <div id="imports" class="stack" data-live>
        {imports.length === 0 ? <Nothing /> : <Imports owner={owner} imports={imports} />}
      </div>
      <div id="candidates" data-live>
        {candidates.length > 0 && (
          <section class="stack" aria-labelledby="candidates-title">
            <h2 id="candidates-title">The same listening?</h2>
            <p class="soft">
              These streams of an import may be plays that the feed had brought before. Until you say so, only the play
              is counted.{more && ` These are the first ${candidates.length}; the others follow.`}
            </p>
            {candidates.map((candidate, index) => (
              <CandidateCard
                key={candidate.id}
                owner={owner}
                csrf={csrf}
                candidate={candidate}
                number={index + 1}
              />
            ))}
          </section>
        )}
      </div>
      <section class="stack" aria-labelledby="calendar-title">
        <h2 id="calendar-title">A calendar from its address</h2>
        <AddressForm csrf={csrf} trouble={trouble} />
      </section>
      <section class="stack" aria-labelledby="files-title">
        <h2 id="files-title">Files</h2>
        <FileWords />
      </section>
    </>
  )
})
