import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../src/package.js'

/** An MJPEG server in its own process. */
export interface Peer {
  readonly pid: number
  /** The address of its stream. */
  readonly url: string
  stop (): Promise<void>
}

export const peerFile = (name: string) => join(packageRoot, 'bench/peers', name)

/** Starts a program that listens on a given port. `path` is its stream's. */
export async function startPeer (
  [program, args]: [string, (port: number) => readonly string[]], { path = '/', host = '127.0.0.1', env = {} } = {}
): Promise<Peer> {
  const port = await freePort(host)
  const child = spawn(program, args(port), { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_OPTIONS: '', ...env } })
  for (const deadline = performance.now() + 20_000; !await listens(host, port); await wait(50)) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${program} ${child.spawnargs.slice(1).join(' ')} does not listen`)
  }
  return { pid: child.pid!, url: `http://${host}:${port}${path}`, stop: () => endProcess(child) }
}

/** Some programs ignore SIGTERM while they have viewers. */
export async function endProcess (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), 2_000)
  await once(child, 'exit')
  clearTimeout(kill)
}

async function freePort (host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

const listens = (host: string, port: number) => new Promise<boolean>(resolve => {
  const socket = connect(port, host, () => { socket.destroy(); resolve(true) }).on('error', () => resolve(false))
})
