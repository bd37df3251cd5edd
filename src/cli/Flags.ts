/** The flags that every command takes. */
import { Option } from "effect"
import { Flag, GlobalFlag } from "effect/cli"
import { baseAddress } from "../config/Addresses.ts"
import { durationFlag } from "./InstantFlag.ts"

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

/** `--server-url`. */
export const ServerUrlFlag = GlobalFlag.Setting("server-url")({
  flag: Flag.String("server-url").pipe(
    Flag.filterMap(
      (url) => Option.filter(Option.some(url.replace(/\/$/, "")), (text) => baseAddress(text) === undefined),
      (url) => `Expected an address such as https://glider.lan:4747, got ${url}`
    ),
    Flag.optional,
    Flag.withMetavar("address"),
    Flag.withDescription(
      "The Glider to ask, in place of this machine's; its token is GLIDER_TOKEN or GLIDER_TOKEN_FILE"
    )
  )
})

/** `--timeout`. */
export const TimeoutFlag = GlobalFlag.Setting("timeout")({
  flag: durationFlag("timeout", "How long an answer may take to begin, such as 5s")
})

/** All of them, for the root command. */
export const flags = [ConfigFlag, DataDirFlag, OutputFlag, ServerUrlFlag, TimeoutFlag] as const
