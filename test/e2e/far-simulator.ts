import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import type { SimulatedCamera } from '../../src/simulator/simulator.js'

/** Starts cameras in a separate process, so that their pictures come in time however busy the test is. Resolves with a function that returns their URLs. */
export async function startFarSimulator (t: Test, cameras: readonly SimulatedCamera[]): Promise<(id: string) => string> {
  const options = { ffmpegPath: findFfmpeg()!, cameras }
  const child = spawn(process.execPath, ['--input-type=module', '-e', `
    import { startSimulator } from ${JSON.stringify(pathToFileURL(join(packageRoot, 'dist/simulator/simulator.js')))}
    const simulator = await startSimulator(${JSON.stringify(options)})
    console.log(JSON.stringify(${JSON.stringify(cameras.map(({ id }) => id))}.map(id => [id, simulator.url(id)])))
    process.stdin.resume().on('end', () => simulator.close().then(() => process.exit()))`
  ], { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['pipe', 'pipe', 'inherit'] }) // it ends when this process ends, for whatever reason
  t.teardown(() => { child.stdin.end() })
  const [line] = await once(child.stdout, 'data') as [Buffer]
  const urls = new Map<string, string>(JSON.parse(String(line)))
  return id => urls.get(id)!
}
