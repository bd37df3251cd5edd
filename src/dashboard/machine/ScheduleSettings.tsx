import { Option } from "effect"
import type { ScheduleInfo } from "../../api/ScheduleMessages.ts"
import { durationText } from "../../domain/DurationText.ts"
import { Act } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { pauseText, scheduleHref, whenText } from "./ScheduleWords.ts"

type Setting = readonly [name: string, config: string, inForce: string]

const yesNo = (is: boolean): string => is ? "yes" : "no"

/** What the config says, and what holds. */
export const settingsOf = (owner: Owner, info: ScheduleInfo): ReadonlyArray<Setting> => {
  const config = info.yaml_config
  const same = (name: string, value: string): Setting => [name, value, value]
  return [
    ["enabled", yesNo(config.enabled), yesNo(info.enabled)],
    [
      "when",
      whenText(config.cron, config.interval_seconds),
      whenText(Option.getOrUndefined(info.cron), Option.getOrUndefined(info.interval_seconds))
    ],
    ["pause", "–", Option.getOrElse(pauseText(owner, info), () => "–")],
    same("timezone", config.timezone),
    same("dst", `gap ${config.dst.gap}, repeat ${config.dst.repeat}`),
    same("jitter", durationText(config.jitter_seconds * 1000)),
    same("overlap_policy", config.overlap_policy),
    same("catch_up", config.catch_up),
    ...config.catch_up_window_seconds === undefined
      ? []
      : [same("catch_up_window", durationText(config.catch_up_window_seconds * 1000))],
    ...config.start_at === undefined ? [] : [same("start_at", config.start_at)],
    ...config.end_at === undefined ? [] : [same("end_at", config.end_at)],
    ...config.max_runs === undefined ? [] : [same("max_runs", String(config.max_runs))],
    same("pause_on_failure", yesNo(config.pause_on_failure))
  ]
}

/** Both sides, and how to have the config's again. */
export const ScheduleSettings = ({ csrf, info, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly info: ScheduleInfo
}) => (
  <section class="stack" aria-labelledby="settings-title">
    <h2 id="settings-title">Settings</h2>
    {info.is_override && (
      <div class="card notice-card row spread">
        <p>
          It differs from the config. A reload of the config ends that too, for all schedules.
        </p>
        <Act action={`${scheduleHref(info.id)}/revert`} csrf={csrf}>Back to the config</Act>
      </div>
    )}
    <div class="scroll" tabIndex={0} role="region" aria-label="Config and in force">
      <table class="settings">
        <caption class="hidden">What the config says, and what is in force</caption>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Config</th>
            <th scope="col">In force</th>
          </tr>
        </thead>
        <tbody>
          {settingsOf(owner, info).map(([name, config, inForce]) => (
            <tr key={name} class={config === inForce ? undefined : "differs"}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{config}</td>
              <td>{inForce}{config !== inForce && <span class="small">{" "}(changed by hand)</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <details class="data">
      <summary>Its input</summary>
      <pre>{JSON.stringify(info.yaml_config.input, null, 2)}</pre>
    </details>
  </section>
)
