import type { Attempt, AttemptEvents, Launch } from '../../src/capture/attempt.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { LiveSource } from '../../src/sources/kinds.js'

/** Launches attempts with one memory per camera, as supervisors do. */
export function remembered<Of extends LiveSource> (launch: Launch<Of>): (camera: LiveCamera<Of>, events: AttemptEvents) => Attempt {
  const memories = new Map<string, CameraMemory>()
  return (camera, events) => {
    const memory = memories.get(camera.id) ?? new CameraMemory(camera)
    memories.set(camera.id, memory)
    return launch(camera, events, memory)
  }
}
