import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import type { SimulatedCamera } from '../../src/simulator/simulator.js'

/** Cameras in a process of their own, whose pictures come in time however busy the test is. Resolves with the URL of each. */
export async function startFarSimulator (t: Test, cameras: readonly SimulatedCamera[]): Promise<(id: string) => string> {
  const options = { ffmpegPath: findFfmpeg()!, cameras }
  const child = spawn(process.execPath, ['--input-type=module', '-e', `
    import { startSimulator } from ${JSON.stringify(pathToFileURL(join(packageRoot, 'dist/simulator/simulator.js')))}
    const simulator = await startSimulator(${JSON.stringify(options)})
    console.log(JSON.stringify(${JSON.stringify(cameras.map(({ id }) => id))}.map(id => [id, simulator.url(id)])))
    process.stdin.resume().on('end', () => simulator.close().then(() => process.exit()))`
  ], { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['pipe', 'pipe', 'inherit'] }) // it ends with us, however we end
  t.teardown(() => { child.stdin.end() })
  const [line] = await once(child.stdout, 'data') as [Buffer]
  const urls = new Map<string, string>(JSON.parse(String(line)))
  return id => urls.get(id)!
}
