/** A card for each connection: how fresh its data are, how its last runs went, what is next. */
import { DateTime, Option } from "effect"
import type { TaskState } from "../../api/Messages.ts"
import { providerTitle } from "../../domain/Provider.ts"
import type { Run } from "../../domain/Run.ts"
import { Act, Ago, Badge, type BadgeKind, shown, When } from "../frame/Bits.tsx"
import { ago, clock, moment, number, type Owner } from "../frame/Owner.ts"
import { Heartbeat } from "./Heartbeat.tsx"
import { scheduleHref } from "./ScheduleWords.ts"
import type { ConnectionStanding, Standing } from "./Standing.ts"

/** What a card is made from. */
export interface Card {
  readonly connection: ConnectionStanding
  /** The last runs of its tasks, the newest first. */
  readonly runs: ReadonlyArray<Run>
  /** Records that runs of today created or changed. */
  readonly rowsToday: number
}

const badges: { readonly [S in Standing]: { readonly kind: BadgeKind; readonly text: string } } = {
  fresh: { kind: "completed", text: "fresh" },
  behind: { kind: "partial", text: "behind" },
  paused: { kind: "paused", text: "paused" },
  new: { kind: "waiting", text: "not synced yet" },
  needs_auth: { kind: "needs_auth", text: "needs sign-in" },
  not_connected: { kind: "disabled", text: "not connected" },
  idle: { kind: "disabled", text: "no sync is on" }
}

/** `09:12` of today, with its day when it is another. */
const short = (owner: Owner, at: DateTime.Utc): string =>
  owner.now.epochMilliseconds - at.epochMilliseconds < 12 * 3_600_000 ? clock(owner, at) : moment(owner, at)

const Freshness = ({ connection: { until }, owner }: {
  readonly owner: Owner
  readonly connection: ConnectionStanding
}) =>
  Option.isNone(until) ? <p class="soft">No data so far</p> : (
    <p>
      Data up to <When owner={owner} at={until.value}>{short(owner, until.value)}</When>,{" "}
      <span class="soft">{ago(owner, until.value)}</span>
    </p>
  )

const Next = ({ isPaused, owner, task }: {
  readonly owner: Owner
  readonly task: TaskState
  readonly isPaused: boolean
}) => {
  const shut = Option.filter(task.shutUntil, DateTime.isGreaterThan(owner.now))
  if (Option.isSome(shut)) return <span>the provider asked for no call before {moment(owner, shut.value)}</span>
  const broken = Option.filter(task.brokenUntil, DateTime.isGreaterThan(owner.now))
  if (Option.isSome(broken)) {
    return <span>it failed too often, and is asked again after {moment(owner, broken.value)}</span>
  }
  if (!task.enabled) return <span>off</span>
  if (isPaused) return <span>when it is resumed</span>
  return Option.isSome(task.nextStart)
    ? <Ago owner={owner} at={task.nextStart.value} />
    : <span>{Option.exists(task.lastRun, ({ status }) => status === "running") ? "running now" : "–"}</span>
}

const Connection = ({ card: { connection, rowsToday, runs }, csrf, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly card: Card
}) => {
  const { account, provider, standing, tasks } = connection
  const title = providerTitle[provider]
  const badge = badges[standing]
  return (
    <article class="card connection" id={`card-${provider}`} aria-labelledby={`title-${provider}`}>
      <header class="row spread">
        <h3 id={`title-${provider}`}>
          <span class={`dot ${provider}`} aria-hidden="true" /> {title}
        </h3>
        <Badge kind={badge.kind} text={badge.text} />
      </header>
      <Freshness owner={owner} connection={connection} />
      <Heartbeat owner={owner} runs={runs} title={`Last runs of ${title}`} />
      <dl class="facts small">
        <dt>Rows today</dt>
        <dd>{number(owner, rowsToday)}</dd>
        {tasks.map((task) => [
          <dt key={`${task.task} title`}>{tasks.length === 1 ? "Next run" : `Next ${task.task}`}</dt>,
          <dd key={task.task}>
            <Next owner={owner} task={task} isPaused={connection.paused.has(task.task)} />
          </dd>
        ])}
        {shown(account.connection, ({ userId }) => [
          <dt key="account title">Account</dt>,
          <dd key="account">
            <a href="/accounts">{userId}</a>
          </dd>
        ])}
      </dl>
      <div class="row">
        {standing === "needs_auth" || standing === "not_connected"
          ? <a class="button" href={`/accounts#${provider}`}>Connect {title}</a>
          : tasks.map(({ task }) => (
            <Act
              key={task}
              action={`/syncs/${task}/run`}
              csrf={csrf}
              label={tasks.length === 1 ? `Sync now: ${task}` : `Sync ${task} now`}
            >
              {tasks.length === 1 ? "Sync now" : `Sync ${task}`}
            </Act>
          ))}
        {tasks.map(({ task }) => (
          <a key={task} class="small" href={scheduleHref(task)}>{tasks.length === 1 ? "Schedule" : task}</a>
        ))}
      </div>
    </article>
  )
}

/** All of them. */
export const ConnectionCards = ({ cards, csrf, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly cards: ReadonlyArray<Card>
}) => (
  <section id="connections" data-live aria-labelledby="connections-title">
    <h2 id="connections-title" class="hidden">Connections</h2>
    <div class="cards">
      {cards.map((card) => <Connection key={card.connection.provider} owner={owner} csrf={csrf} card={card} />)}
    </div>
  </section>
)
