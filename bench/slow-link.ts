import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { peerFile } from './peers.js'

const [HERE, THERE] = ['198.18.42.1', '198.18.42.2'] // RFC 2544: for benchmarks, nobody's addresses

/** A network namespace of our own behind a link of so many Mbit/s; Linux, as root. */
export class SlowLink {
  readonly host = HERE
  readonly #namespace = `camgate-${process.pid}`
  readonly #device = `cg${process.pid}`

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

  /** From now on it carries so much. */
  shape (mbits: number, how: 'add' | 'change' = 'change'): void {
    run(`tc qdisc ${how} dev ${this.#device} root tbf rate ${mbits}mbit burst 16kb latency 50ms`)
  }

  /** A process at the far end of the link that reads the stream; its bytes are its stdout. */
  view (url: string): ChildProcess {
    const { hostname, port, pathname, search } = new URL(url)
    return spawn('ip', ['netns', 'exec', this.#namespace, process.execPath, peerFile('viewer.mjs'), hostname, port, pathname + search], { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  close (): void {
    for (const command of [`ip link delete ${this.#device}`, `ip netns delete ${this.#namespace}`]) {
      try { run(command) } catch {} // what was not made needs no deletion
    }
  }
}

const run = (command: string) => {
  const [program, ...args] = command.split(' ') as [string, ...string[]]
  execFileSync(program, args, { stdio: 'pipe' })
}
