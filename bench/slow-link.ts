import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerFile } from './peers.js'

const [HERE, THERE] = ['198.18.42.1', '198.18.42.2'] // from RFC 2544's range for benchmarks, which no host has

/** A network namespace behind a link of this rate. Needs Linux and root. */
export class SlowLink {
  readonly host = HERE
  readonly #namespace = `camgate-${process.pid}`
  readonly #device = `cg${process.pid}`
  #folder: string | undefined

  constructor (mbits: number) {
    const [near, far, namespace] = [this.#device, `${this.#device}p`, this.#namespace]
    run(`ip netns add ${namespace}`)
    try {
      run(`ip link add ${near} type veth peer name ${far} netns ${namespace}`)
      run(`ip address add ${HERE}/30 dev ${near}`)
      run(`ip link set ${near} up`)
      run(`ip -n ${namespace} address add ${THERE}/30 dev ${far}`)
      run(`ip -n ${namespace} link set ${far} up`)
      this.shape(mbits, 'add')
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Changes the rate. */
  shape (mbits: number, how: 'add' | 'change' = 'change'): void {
    run(`tc qdisc ${how} dev ${this.#device} root tbf rate ${mbits}mbit burst 16kb latency 50ms`)
  }

  /** Starts a process at the far end of the link that copies the stream to its stdout. */
  view (url: string): ChildProcess {
    const { hostname, port, pathname, search } = new URL(url)
    return this.run(process.execPath, [peerFile('viewer.mjs'), hostname, port, pathname + search])
  }

  /** Starts a program at the far end of the link. */
  run (program: string, args: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#namespace, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  /** A script that runs a program at the far end of the link, with the script's arguments. */
  script (program: string): string {
    const file = join(this.#folder ??= mkdtempSync(join(tmpdir(), 'camgate-bench-')), 'run')
    writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${this.#namespace} ${program} "$@"\n`, { mode: 0o755 })
    return file
  }

  close (): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true })
    for (const command of [`ip link delete ${this.#device}`, `ip netns delete ${this.#namespace}`]) {
      try { run(command) } catch {} // it may not exist
    }
  }
}

const run = (command: string) => {
  const [program, ...args] = command.split(' ') as [string, ...string[]]
  execFileSync(program, args, { stdio: 'pipe' })
}
