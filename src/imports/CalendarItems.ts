/** The components of iCalendar files, taken from their bytes as they come: a file of any size is never held as a whole. */
import { Result } from "effect"
import { Buffer } from "node:buffer"

/** An event, a zone or another component as it stands in a calendar. */
export interface CalendarItem {
  /** Counts from 1. */
  readonly number: number
  /** Where it begins, in bytes. */
  readonly at: number
  /** `VEVENT`, say. */
  readonly kind: string
  /** Its lines, unfolded. */
  readonly text: string
  /** Why it is not whole. */
  readonly problem: string | undefined
}

/** A component that is longer is kept up to here, and told as unreadable. */
const longestItem = 1024 * 1024

/** A line that is longer, a picture in an event say, is kept up to here. */
const longestLine = 128 * 1024

/** Lines of a calendar itself that are kept: its name, its zone. */
const mostHeaders = 100

/** What begins only outside of another component: one of these in another means that the other lacks its end. */
const outermost: ReadonlySet<string> = new Set(["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VCALENDAR"])

const utf8 = new TextDecoder("utf-8", { fatal: true })
// what programs write that do not write UTF-8
const western = new TextDecoder("windows-1252")

const decoded = (line: Buffer): string => {
  const isAscii = line.every((byte) => byte < 0x80)
  const text = isAscii ? line.toString("latin1") : orWestern(line)
  return text.replaceAll("\0", "")
}

const orWestern = (line: Buffer): string =>
  Result.getOrElse(Result.try(() => utf8.decode(line)), () => western.decode(line))

interface Item {
  readonly at: number
  readonly kind: string
  readonly lines: Array<string>
  readonly inner: Array<string>
  size: number
}

/** Takes calendars apart by the beginnings and ends of their components; what else is in a component is for whoever reads it. */
export class CalendarItems {
  /** Lines of the calendars themselves. */
  readonly headers: Array<string> = []
  #isCalendar = false
  #hasCalendar = false
  #item: Item | undefined
  #number = 0
  /** Where the line of the file begins that comes next, and where the unfolded one began. */
  #at = 0
  #lineAt = 0
  #parts: Array<Buffer> = []
  #length = 0
  #open: Array<Buffer> = []

  /** The components that these bytes complete. */
  push(bytes: Uint8Array): ReadonlyArray<CalendarItem> {
    const items: Array<CalendarItem> = []
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let from = 0
    for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a, from)) {
      this.#keep(buffer.subarray(from, end))
      from = end + 1
      this.#ended(items)
    }
    this.#keep(buffer.subarray(from))
    return items
  }

  /** What lacks its end when no more bytes come, and why that is no proper end. */
  end(): { readonly items: ReadonlyArray<CalendarItem>; readonly fault: string | undefined } {
    const items: Array<CalendarItem> = []
    this.#ended(items)
    this.#unfolded(items)
    const isCut = this.#item !== undefined || this.#isCalendar
    this.#finish(items, "its end is missing")
    return {
      items,
      fault: isCut ? "its end is missing" : this.#hasCalendar ? undefined : "it holds no calendar"
    }
  }

  /** Where the bytes have come to. */
  get at(): number {
    return this.#at + this.#length
  }

  #keep(piece: Buffer): void {
    const room = longestLine - this.#length
    if (room > 0 && piece.length > 0) this.#parts.push(Buffer.from(piece.subarray(0, room)))
    this.#length += piece.length
  }

  /** A line of the file is whole: it goes on with the one before, or that one is whole, too. */
  #ended(items: Array<CalendarItem>): void {
    const whole = this.#parts.length === 1 ? this.#parts[0] ?? Buffer.alloc(0) : Buffer.concat(this.#parts)
    const line = whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole
    const begins = this.#at
    this.#at += this.#length + 1
    this.#parts = []
    this.#length = 0
    if ((line[0] === 0x20 || line[0] === 0x09) && this.#open.length > 0) {
      if (this.#open.reduce((sum, { length }) => sum + length, 0) < longestLine) this.#open.push(line.subarray(1))
      return
    }
    this.#unfolded(items)
    this.#open = line.length === 0 ? [] : [line]
    this.#lineAt = begins
  }

  #unfolded(items: Array<CalendarItem>): void {
    if (this.#open.length === 0) return
    const line = decoded(Buffer.concat(this.#open)).replace(this.#lineAt === 0 ? /^\uFEFF/ : /^$/, "")
    this.#open = []
    const [, word = "", named = ""] = /^(BEGIN|END):\s*([\w-]+)\s*$/i.exec(line) ?? []
    const name = named.toUpperCase()
    const isBegin = word.toUpperCase() === "BEGIN"
    if (this.#item !== undefined && isBegin && outermost.has(name)) this.#finish(items, "its end is missing")
    if (this.#item === undefined) {
      if (isBegin && name === "VCALENDAR") [this.#isCalendar, this.#hasCalendar] = [true, true]
      else if (word !== "" && !isBegin) this.#isCalendar = this.#isCalendar && name !== "VCALENDAR"
      else if (isBegin && this.#isCalendar) {
        this.#item = { at: this.#lineAt, kind: name, lines: [line], inner: [], size: line.length }
      } else if (this.#isCalendar && this.headers.length < mostHeaders) this.headers.push(line)
      return
    }
    const item = this.#item
    item.size += line.length + 1
    if (item.size <= longestItem) item.lines.push(line)
    if (isBegin) item.inner.push(name)
    else if (word !== "") {
      const opened = item.inner.lastIndexOf(name)
      if (opened >= 0) item.inner.length = opened
      else if (name === item.kind) this.#finish(items, undefined)
      else if (name === "VCALENDAR") {
        this.#finish(items, "its end is missing")
        this.#isCalendar = false
      }
    }
  }

  #finish(items: Array<CalendarItem>, problem: string | undefined): void {
    const item = this.#item
    if (item === undefined) return
    this.#item = undefined
    const { at, kind, lines, size } = item
    items.push({
      number: ++this.#number,
      at,
      kind,
      text: lines.join("\n"),
      problem: size > longestItem ? "it is longer than 1 MB, and is cut off there" : problem
    })
  }
}
