import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = (program: string) => (...args: string[]) => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 })
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(' ')}: ${stderr}`)
}
const ip = run('ip')
const tc = run('tc')
const nft = run('nft')

/** Why no namespace can be created here, for a test's `skip`; false if one can. */
export const noNamespaces: string | false = (() => {
  const name = `camgate-probe-${process.pid}`
  try {
    ip('netns', 'add', name)
    ip('netns', 'del', name)
    return false
  } catch (error) {
    return `NOT TESTED: no network namespace can be made (root and iproute2 are needed): ${String(error)}`
  }
})()

/** Why the kernel cannot impair packets here, for a test's `skip`; false if it can. */
export const noNetem: string | false = noNamespaces || (() => {
  const name = `camgate-netem-${process.pid}`
  ip('netns', 'add', name)
  try {
    tc('-n', name, 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'loss', '5%')
    return false
  } catch (error) {
    return `NOT TESTED: this kernel cannot drop packets (sch_netem is needed): ${String(error)}`
  } finally {
    ip('netns', 'del', name)
  }
})()

/** Why no firewall can drop packets here, for a test's `skip`; false if one can. */
export const noFirewall: string | false = noNamespaces || (() => {
  try {
    nft('--version')
    return false
  } catch (error) {
    return `NOT TESTED: there is no nftables: ${String(error)}`
  }
})()

/** How many namespaces this process has made, at most 63. */
let made = 0

/**
 * The test's own network namespace: only `lo`, no route, no resolver, and its own /etc/hosts. Programs in it can reach nothing outside.
 */
export class NetworkNamespace {
  readonly #number = made++
  readonly name = `camgate-test-${process.pid}-${this.#number}`
  readonly #etc = `/etc/netns/${this.name}` // `ip netns exec` mounts its files over /etc

  constructor (t: Test) {
    // A separate process, because tap kills a test that takes too long, and then no teardown runs.
    const cleaner = spawn('/bin/sh', ['-c', `read -r nothing; ip netns del ${this.name}; rm -rf ${this.#etc}; rmdir --ignore-fail-on-non-empty /etc/netns`], {
      stdio: ['pipe', 'ignore', 'ignore'], detached: true
    })
    t.teardown(async () => {
      cleaner.stdin!.end()
      await once(cleaner, 'close')
    })
    rmSync(this.#etc, { recursive: true, force: true })
    mkdirSync(this.#etc, { recursive: true })
    writeFileSync(join(this.#etc, 'hosts'), '127.0.0.1 localhost\n')
    writeFileSync(join(this.#etc, 'resolv.conf'), '')
    ip('netns', 'add', this.name)
    this.ip('link', 'set', 'lo', 'up')
  }

  /** The words to put before a command to run it inside. */
  get enter (): [program: string, ...words: string[]] { return ['ip', 'netns', 'exec', this.name] }

  /** Runs `ip` inside. Throws an Error with its stderr. */
  ip (...args: string[]): void { ip('-n', this.name, ...args) }

  /** Creates a link to the inside. Returns the addresses of both ends (from RFC 2544's range, which no host has) and our device. */
  link (): { here: string, there: string, device: string } {
    const network = 4 * this.#number
    const [here, there, device] = [`198.18.43.${network + 1}`, `198.18.43.${network + 2}`, `ct${process.pid}-${this.#number}`]
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'outside', 'netns', this.name)
    ip('address', 'add', `${here}/30`, 'dev', device)
    ip('link', 'set', device, 'up')
    this.ip('address', 'add', `${there}/30`, 'dev', 'outside')
    this.ip('link', 'set', 'outside', 'up')
    return { here, there, device }
  }

  /** Limits what leaves the namespace by the link. */
  shape (mbits: number): void { tc('-n', this.name, 'qdisc', 'replace', 'dev', 'outside', 'root', 'tbf', 'rate', `${mbits}mbit`, 'burst', '16kb', 'latency', '50ms') }

  /** Impairs the packets that enter by the link, with arguments of `tc netem`. */
  impair (device: string, ...how: string[]): void { tc('qdisc', 'add', 'dev', device, 'root', 'netem', ...how) }

  /** Drops this share of the UDP packets that enter by the link, at random. */
  lose (percent: number): void {
    const [program, ...words] = this.enter
    run(program!)(...words, 'nft', `add table inet lossy; add chain inet lossy in { type filter hook input priority 0; }; add rule inet lossy in iifname outside meta l4proto udp numgen random mod 100 < ${percent} drop`)
  }

  /** Adds a name to the inside's /etc/hosts. Programs that run already see it too. */
  addHost (address: string, host: string): void { appendFileSync(join(this.#etc, 'hosts'), `${address} ${host}\n`) }

  /** Fetches a URL from inside and returns the body. */
  async fetch (url: URL): Promise<string> {
    const [program, ...words] = this.enter
    const script = 'process.stdout.write(await (await fetch(process.argv[1])).text())'
    const { stdout } = await promisify(execFile)(program, [...words, process.execPath, '--input-type=module', '-e', script, url.href], {
      env: { ...process.env, NODE_OPTIONS: '' }, timeout: 20_000
    })
    return stdout
  }
}
