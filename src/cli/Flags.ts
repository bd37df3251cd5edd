/** The flags that every command takes. */
import { Flag, GlobalFlag } from "effect/cli"

/** `--config`. */
export const ConfigFlag = GlobalFlag.Setting("config")({
  flag: Flag.String("config").pipe(
    Flag.optional,
    Flag.withMetavar("file"),
    Flag.withDescription("The config file (else GLIDER_CONFIG_TOML, ./config.toml, ~/.config/glider/config.toml)")
  )
})

/** `--data-dir`. */
export const DataDirFlag = GlobalFlag.Setting("data-dir")({
  flag: Flag.String("data-dir").pipe(
    Flag.optional,
    Flag.withMetavar("folder"),
    Flag.withDescription("The folder of the store (else GLIDER_DATA_DIR, ~/.local/share/glider)")
  )
})

/** `--output`. */
export const OutputFlag = GlobalFlag.Setting("output")({
  flag: Flag.Literals("output", ["table", "json"]).pipe(
    Flag.withDefault("table"),
    Flag.withMetavar("table|json"),
    Flag.withDescription("How data is printed on standard output")
  )
})

/** All of them, for the root command. */
export const flags = [ConfigFlag, DataDirFlag, OutputFlag] as const
