/** How more comes in: the form for the address of a calendar, and what is typed for files. */
import { Option } from "effect"
import { shown } from "../frame/Bits.tsx"

/** What was wrong with an address; what it was is not kept. */
export interface Trouble {
  readonly calendar: string
  readonly problems: ReadonlyArray<string>
  readonly fix: string | undefined
}

/** Asks for the address of a calendar. */
export const AddressForm = ({ csrf, trouble }: {
  readonly csrf: string
  readonly trouble: Option.Option<Trouble>
}) => (
  <form method="post" action="/imports/address" class="stack tight narrow" id="address">
    <input type="hidden" name="csrf" value={csrf} />
    {shown(trouble, ({ fix, problems }) => (
      <div class="notice bad" role="alert">
        {problems.map((problem) => <p key={problem}>{problem}</p>)}
        {fix !== undefined && <p>To mend it: {fix}</p>}
      </div>
    ))}
    <label for="address-of">Address of the calendar</label>
    <input
      id="address-of"
      name="address"
      type="password"
      required
      maxLength={4096}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      autofocus={Option.isSome(trouble)}
      aria-describedby="address-hint"
    />
    <p class="small soft" id="address-hint">
      Begins with https:// or webcal://. It is asked once, and not kept: it may be a secret, so only its hash is stored.
      To have it read again by itself, give it a table <code>[calendar.name]</code> in the config.
    </p>
    <label for="address-calendar">What the calendar is to be called</label>
    <input
      id="address-calendar"
      name="calendar"
      maxLength={64}
      pattern="[a-z0-9][a-z0-9_.\-]*"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      value={Option.match(trouble, { onNone: () => undefined, onSome: ({ calendar }) => calendar })}
      aria-describedby="calendar-hint"
    />
    <p class="small soft" id="calendar-hint">
      Small letters, digits, dots, - and _, such as public-holidays. Like its host without it.
    </p>
    <div>
      <button type="submit">Read the calendar</button>
    </div>
  </form>
)

const upload = [
  "curl -X POST -T my_spotify_data.zip -H \"Authorization: Bearer $TOKEN\" \\",
  "  -H \"Content-Type: application/zip\" \"http://127.0.0.1:4747/api/v1/imports?file=my_spotify_data.zip\""
].join("\n")

/** What is typed for files, which the page does not take: they may have gigabytes. */
export const FileWords = () => (
  <div class="stack tight">
    <p>
      On the machine on which Glider runs, with the zip as it was downloaded, one of its files, or an .ics file:
    </p>
    <pre class="code">glider import my_spotify_data.zip</pre>
    <p>
      From another one, with a token of the scope data:write (<code>glider token create</code>):
    </p>
    <pre class="code">{upload}</pre>
  </div>
)
