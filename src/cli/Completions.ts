/** What shells are told, so that they complete commands, flags and values: `glider --completions bash`. */
import { Console, Effect, Option } from "effect"
import { Command, Completions, GlobalFlag } from "effect/cli"
import { flags } from "./Flags.ts"

/** Flags of which the value is a path, so that the shell offers its own files. */
const paths: { readonly [name: string]: "file" | "directory" } = { config: "file", "data-dir": "directory" }

/** The library describes the flags of commands, and not the global ones, which every command takes. */
const everywhere: ReadonlyArray<Completions.FlagDescriptor> = Completions.fromCommand(
  Command.make("glider", {
    help: GlobalFlag.Help.flag,
    logLevel: GlobalFlag.LogLevel.flag,
    flags: flags.map(({ flag }) => flag)
  })
).flags.map((described) => {
  const pathType = paths[described.name]
  return {
    ...described,
    ...pathType === undefined ? {} : { type: { _tag: "Path", pathType } },
    // `--no-help` means nothing
    ...described.name === "help" ? { negation: false } : {}
  }
})

const withFlags = (command: Completions.CommandDescriptor): Completions.CommandDescriptor => ({
  ...command,
  flags: [...command.flags, ...everywhere],
  subcommands: command.subcommands.map(withFlags)
})

/** The script for a shell. */
export const script = (command: Command.Command.Any, shell: Completions.Shell): string => {
  const described = Completions.fromCommand(command)
  if (shell !== "fish") return Completions.generate(command.name, shell, withFlags(described))
  // what fish knows without a condition holds for every command; said for each, it would be five times as long
  const shared = { ...described, flags: everywhere, arguments: [], subcommands: [] }
  return [described, shared].map((part) => Completions.generate(command.name, shell, part)).join("\n")
}

/** `--completions`, in place of the library's. */
export const CompletionsFlag = GlobalFlag.Action({
  flag: GlobalFlag.Completions.flag,
  run: (shell, { command }) =>
    Option.match(shell, {
      onNone: () => Effect.void,
      onSome: (shell) => Console.log(script(command, shell))
    })
})
