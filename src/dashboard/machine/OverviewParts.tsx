/** The parts of the overview, beside the cards of the connections. */
import { Option } from "effect"
import type { Health } from "../../api/Messages.ts"
import type { ScheduleInfo } from "../../api/ScheduleMessages.ts"
import { providerTitle } from "../../domain/Provider.ts"
import type { Run } from "../../domain/Run.ts"
import { Act, Ago, Badge, Empty } from "../frame/Bits.tsx"
import { clock, type Owner } from "../frame/Owner.ts"
import { ProgressLine } from "./Progress.tsx"
import type { Mend, Repair } from "./Repairs.ts"
import { badgeOf, doing, runHref } from "./RunWords.ts"
import { scheduleHref } from "./ScheduleWords.ts"
import { type DayToday, moreText, quietText } from "./TodayItems.ts"

const MendButton = ({ csrf, mend }: { readonly csrf: string; readonly mend: Mend }) =>
  mend._tag === "Form"
    ? <Act action={mend.action} csrf={csrf} label={mend.label}>{mend.text}</Act>
    : <a class="button" href={mend.href} aria-label={mend.label}>{mend.text}</a>

/** What waits for the person; nothing at all when nothing does. */
export const NeedsYou = ({ csrf, repairs }: { readonly csrf: string; readonly repairs: ReadonlyArray<Repair> }) => (
  <div id="needs-you" data-live>
    {repairs.length > 0 && (
      <section aria-labelledby="needs-title" class="stack">
        <h2 id="needs-title">Needs you</h2>
        <ul class="repairs">
          {repairs.map(({ command, detail, key, mend, more, state, title }) => (
            <li key={key} class={`repair ${state}`}>
              <div>
                <h3>
                  <span aria-hidden="true">{state === "problem" ? "✕" : "!"}</span> {title}
                </h3>
                <p class="small">
                  {detail}
                  {Option.isSome(command) && (
                    <>
                      {" "}To mend it: <code>{command.value}</code>
                    </>
                  )}
                  {Option.isSome(more) && (
                    <>
                      {" "}
                      <a href={more.value.href}>{more.value.text}</a>
                    </>
                  )}
                </p>
              </div>
              {Option.isSome(mend) && <MendButton csrf={csrf} mend={mend.value} />}
            </li>
          ))}
        </ul>
      </section>
    )}
  </div>
)

/** What today holds so far. */
export const Today = ({ today: { items, unknown } }: { readonly today: DayToday }) => (
  <section id="today" data-live aria-labelledby="today-title" class="card stack">
    <header class="row spread">
      <h2 id="today-title">Today</h2>
      <a class="small" href="/daily">The whole day</a>
    </header>
    {items.length === 0 ? <Empty>{quietText(unknown)}</Empty> : (
      <ol class="today">
        {items.map(({ detail, isNow, key, provider, time, title }) => (
          <li key={key} class={isNow ? "now" : undefined}>
            <span class="time num">{time}</span>
            <span class={`dot ${provider}`} role="img" aria-label={providerTitle[provider]} />
            <span>
              {title}
              {isNow && (
                <>
                  {" "}
                  <span class="small soft">now</span>
                </>
              )}
              {detail !== "" && <span class="small soft block">{detail}</span>}
            </span>
          </li>
        ))}
      </ol>
    )}
    {items.length > 0 && unknown.length > 0 && <p class="small soft">{moreText(unknown)}</p>}
  </section>
)

/** Runs that are not over. */
export const RunsNow = ({ owner, runs }: { readonly owner: Owner; readonly runs: ReadonlyArray<Run> }) => (
  <section id="runs-now" data-live aria-labelledby="now-title" class="card stack">
    <header class="row spread">
      <h2 id="now-title">Runs now</h2>
      <a class="small" href="/runs">All runs</a>
    </header>
    {runs.length === 0 ? <Empty>Nothing runs right now.</Empty> : (
      <ul class="lines">
        {runs.map((run) => (
          <li key={run.id}>
            <span class="row">
              <Badge kind={badgeOf(run)} /> <a href={runHref(run.id)}>{run.workflow}</a>{" "}
              <span class="small soft">
                since <Ago owner={owner} at={run.startedAt} /> {doing(owner, run)}
              </span>
            </span>
            <ProgressLine owner={owner} run={run} />
          </li>
        ))}
      </ul>
    )}
  </section>
)

/** Schedules that are due within a day, the next first. */
export const Coming = ({ more, owner, schedules }: {
  readonly owner: Owner
  readonly schedules: ReadonlyArray<ScheduleInfo>
  /** Those that are not shown. */
  readonly more: number
}) => (
  <section id="coming" data-live aria-labelledby="coming-title" class="card stack">
    <header class="row spread">
      <h2 id="coming-title">Next 24 hours</h2>
      <a class="small" href="/schedules">All schedules</a>
    </header>
    {schedules.length === 0 ? <Empty>Nothing is due within a day.</Empty> : (
      <ol class="coming">
        {schedules.flatMap((schedule) =>
          Option.toArray(Option.map(schedule.next_run_time, (at) => (
            <li key={schedule.id}>
              <span class="time num">{clock(owner, at)}</span>
              <span>
                <a href={scheduleHref(schedule.id)}>{schedule.id}</a>{" "}
                <span class="small soft">{schedule.description}</span>
              </span>
              <span class="small soft">
                <Ago owner={owner} at={at} />
              </span>
            </li>
          )))
        )}
      </ol>
    )}
    {more > 0 && <p class="small soft">and {more} more</p>}
  </section>
)

/** What the program is and how its parts are. */
export const Facts = ({ config, health }: { readonly health: Health; readonly config: string }) => (
  <section aria-labelledby="facts-title">
    <h2 id="facts-title" class="hidden">This Glider</h2>
    <dl class="facts small wide-facts">
      <div>
        <dt>Version</dt>
        <dd>{health.version}</dd>
      </div>
      {Object.entries(health.parts).map(([name, { message, ok }]) => (
        <div key={name}>
          <dt>{name.charAt(0).toUpperCase()}{name.slice(1)}</dt>
          <dd>{!ok && <span aria-hidden="true">✕{" "}</span>}{message.replace(`${name}: `, "")}</dd>
        </div>
      ))}
      <div>
        <dt>Config</dt>
        <dd>
          <code>{config}</code>
        </dd>
      </div>
    </dl>
  </section>
)
