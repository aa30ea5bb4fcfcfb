import { failureOf } from './camera.js'
import { say } from './language.js'

/** @param {import('../api.js').Camera[]} cameras */
export function summary (cameras) {
  if (cameras.length === 0) return say('noCameras')
  const running = cameras.filter(camera => camera.state === 'running' && failureOf(camera) === null).length
  const failing = cameras.filter(camera => failureOf(camera) !== null)
  const onPurpose = failing.filter(({ simulated }) => simulated).length
  const trouble = failing.length - onPurpose
  return [
    say('runningOf', { running, count: cameras.length }),
    trouble > 0 ? say('inTrouble', { count: trouble }) : '',
    onPurpose > 0 ? say('awayOnPurpose', { count: onPurpose }) : ''
  ].filter(Boolean).join(', ')
}
