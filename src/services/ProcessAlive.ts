/** Whether a process of that id exists; one of another user counts. */
export const isAlive = (pid: number): boolean => {
  try {
    return globalThis.process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM"
  }
}
