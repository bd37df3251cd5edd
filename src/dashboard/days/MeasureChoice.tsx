import { type MeasureName, measureNames, measures } from "./Measures.ts"

/** Links to the same page with another measure. */
export const MeasureChoice = ({ chosen, hrefOf }: {
  readonly chosen: MeasureName
  readonly hrefOf: (name: MeasureName) => string
}) => (
  <nav class="choices" aria-label="What is shown">
    {measureNames.map((name) => (
      <a key={name} href={hrefOf(name)} aria-current={name === chosen ? "true" : undefined}>{measures[name].title}</a>
    ))}
  </nav>
)
