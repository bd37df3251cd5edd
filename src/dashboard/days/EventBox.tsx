import { Option } from "effect"
import type { DaysEvent, TimedEvent } from "../../api/DataMessages.ts"
import { htmlText } from "../../domain/HtmlText.ts"
import type { LocalDay } from "../../domain/LocalDay.ts"
import { clocks, dayText, moments, type Owner } from "../frame/Owner.ts"
import { titleOf } from "./Title.ts"

/** From when to when, on the owner's clock. */
export const timesOf = (owner: Owner, event: TimedEvent): string => clocks(owner, event.start, event.end)

/** The id of the box of one of a day's timed events, by its place among them. */
export const eventBox = (day: LocalDay, at: number): string => `event-${day}-${at}`

/**
 * An event in a list, as a button that opens its box: from within a box that is open, too, which stays open beneath it.
 */
export const OpensEvent = ({ box, event, owner }: {
  readonly owner: Owner
  readonly event: TimedEvent
  readonly box: string
}) => (
  <button type="button" class="opens" popovertarget={box}>
    {timesOf(owner, event)} <strong>{titleOf(event)}</strong>
    {Option.isSome(event.location) && <span class="soft">, {event.location.value}</span>}
  </button>
)

/** All that the calendar tells of an event, in a box of its own that its button opens. */
export const EventDetails = ({ event, id, owner }: {
  readonly owner: Owner
  readonly id: string
  readonly event: TimedEvent | DaysEvent
}) => (
  <div popover="auto" id={id} class="pop">
    <h2>{titleOf(event)}</h2>
    <p class="soft">
      {"start" in event
        ? moments(owner, event.start, event.end)
        : daysOf(owner, event)}
    </p>
    {Option.isSome(event.location) && <p>{event.location.value}</p>}
    {Option.isSome(event.description) && <p class="description">{htmlText(event.description.value)}</p>}
    <p class="small soft">
      {event.calendar_id}
      {event.status === "tentative" && " · tentative"}
    </p>
    {Option.isSome(event.link) && isWeb(event.link.value) && (
      <p>
        <a href={event.link.value} rel="noreferrer" target="_blank">Open in Google Calendar</a>
      </p>
    )}
  </div>
)

const isWeb = (address: string): boolean => address.startsWith("https://")

const daysOf = (owner: Owner, { first_day, last_day }: DaysEvent): string => {
  const style = { weekday: "short", day: "numeric", month: "short" } as const
  const first = dayText(owner, first_day, style)
  return first_day === last_day ? `${first}, all day` : `${first} – ${dayText(owner, last_day, style)}`
}

/** What stands in the box of a timed event. */
export const EventText = ({ event, hasPlace, owner }: {
  readonly owner: Owner
  readonly event: TimedEvent
  /** Whether there is room for where it is, too. */
  readonly hasPlace: boolean
}) => (
  <>
    <strong>{titleOf(event)}</strong>
    <span>{timesOf(owner, event)}</span>
    {hasPlace && Option.isSome(event.location) && <span>{event.location.value}</span>}
  </>
)
