/** An event that a calendar has which was imported, and that another has, too: the same by its name and its beginning. */
import { EventTime } from "../domain/CalendarEvent.ts"
import type { StoredEvent } from "../store/GoogleEvents.ts"

/** What two calendars have to say alike for it to be one event. */
interface Told {
  readonly uid: string
  readonly isImported: boolean
  readonly beginning: string | number
}

/** Each event of Google as it is; of the imported ones those that no calendar before theirs has. */
export const withoutCopies = <A>(events: ReadonlyArray<A>, toldOf: (event: A) => Told): ReadonlyArray<A> => {
  const sameness = ({ beginning, uid }: Told): string => JSON.stringify([uid, beginning])
  const told = events.map(toldOf)
  const seen = new Set(told.flatMap((one) => one.isImported ? [] : [sameness(one)]))
  return events.filter((_, index) => {
    const one = told[index]
    if (one === undefined || !one.isImported) return true
    const same = sameness(one)
    if (seen.has(same)) return false
    seen.add(same)
    return true
  })
}

const beginning: (time: EventTime) => string | number = EventTime.match({
  Day: ({ date }): string | number => date,
  Moment: ({ at }) => at.epochMilliseconds
})

export const eventsOnce = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> =>
  withoutCopies(events, ({ event, isImported, uid }) => ({ uid, isImported, beginning: beginning(event.start) }))
