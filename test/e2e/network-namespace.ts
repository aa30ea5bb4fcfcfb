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

/** Why there can be no namespace here, for a test's `skip`; false where there can. */
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

/** Why packets cannot be spoiled here, for a test's `skip`; false where they can. */
export const noNetem: string | false = noNamespaces || (() => {
  const name = `camgate-netem-${process.pid}`
  ip('netns', 'add', name)
  try {
    tc('-n', name, 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'loss', '5%')
    return false
  } catch (error) {
    return `NOT TESTED: this kernel loses no packets for us (sch_netem is needed): ${String(error)}`
  } finally {
    ip('netns', 'del', name)
  }
})()

/** The same for packets that a firewall loses. */
export const noFirewall: string | false = noNamespaces || (() => {
  try {
    nft('--version')
    return false
  } catch (error) {
    return `NOT TESTED: there is no nftables: ${String(error)}`
  }
})()

/**
 * A network namespace of the test's own: nothing in it but `lo`, no route, no resolver, and an /etc/hosts of its own. What
 * runs in it reaches nobody.
 */
export class NetworkNamespace {
  readonly name = `camgate-test-${process.pid}`
  readonly #etc = `/etc/netns/${this.name}` // which `ip netns exec` lays over /etc

  constructor (t: Test) {
    // Also when we are killed, as tap does with a test that takes too long: then nobody calls a teardown.
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

  /** What to put in front of a command that shall run inside: `ip`, and the rest of its words. */
  get enter (): [program: string, ...words: string[]] { return ['ip', 'netns', 'exec', this.name] }

  /** `ip` inside; throws with its words. */
  ip (...args: string[]): void { ip('-n', this.name, ...args) }

  /** A link between us and inside, with the addresses of both ends (of RFC 2544: nobody's) and the name of ours. */
  link (): { here: string, there: string, device: string } {
    const [here, there, device] = ['198.18.43.1', '198.18.43.2', `ct${process.pid}`]
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'outside', 'netns', this.name)
    ip('address', 'add', `${here}/30`, 'dev', device)
    ip('link', 'set', device, 'up')
    this.ip('address', 'add', `${there}/30`, 'dev', 'outside')
    this.ip('link', 'set', 'outside', 'up')
    return { here, there, device }
  }

  /** How many Mbit/s come out of it by the link. */
  shape (mbits: number): void { tc('-n', this.name, 'qdisc', 'replace', 'dev', 'outside', 'root', 'tbf', 'rate', `${mbits}mbit`, 'burst', '16kb', 'latency', '50ms') }

  /** What happens, in the words of `tc netem`, to each packet that goes in. */
  spoil (device: string, ...how: string[]): void { tc('qdisc', 'add', 'dev', device, 'root', 'netem', ...how) }

  /** So many of a hundred UDP packets that come in by the link get lost, whichever. */
  lose (percent: number): void {
    const [program, ...words] = this.enter
    run(program!)(...words, 'nft', `add table inet lossy; add chain inet lossy in { type filter hook input priority 0; }; add rule inet lossy in iifname outside meta l4proto udp numgen random mod 100 < ${percent} drop`)
  }

  /** Makes a name known inside, also to those who run already. */
  addHost (address: string, host: string): void { appendFileSync(join(this.#etc, 'hosts'), `${address} ${host}\n`) }

  /** The body of what answers at this URL inside. */
  async fetch (url: URL): Promise<string> {
    const [program, ...words] = this.enter
    const script = 'process.stdout.write(await (await fetch(process.argv[1])).text())'
    const { stdout } = await promisify(execFile)(program, [...words, process.execPath, '--input-type=module', '-e', script, url.href], {
      env: { ...process.env, NODE_OPTIONS: '' }, timeout: 20_000
    })
    return stdout
  }
}
