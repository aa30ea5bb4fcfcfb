import type { Entry } from '../cli/command.js'

/** Every command, in the order of the help. */
export const table: readonly Entry[] = [
  { name: 'serve', summary: 'serve the cameras of cameras.yaml; this is what camgate does without a command', load: () => import('./serve.js') },
  { name: 'init', summary: 'write a first cameras.yaml: five questions', load: () => import('./init/init.js') },
  { name: 'check', summary: 'check a configuration, and the key and certificate that it names', load: () => import('./check.js') },
  { name: 'health', summary: 'ask whether camgate answers, for Docker', load: () => import('./health.js') },
  { name: 'probe', summary: 'look at one camera: what it sends, or why it sends nothing', load: () => import('./probe.js') },
  { name: 'doctor', summary: 'look for what is wrong: this machine, the configuration, the cameras', load: () => import('./doctor.js') },
  { name: 'discover', summary: 'find cameras that speak ONVIF, and write them for cameras.yaml', load: () => import('./discover.js') },
  { name: 'devices', summary: 'list the webcams of this machine', load: () => import('./devices.js') },
  { name: 'notify', summary: 'post a test to the receivers of notify, and say what they answer', load: () => import('./notify/notify.js') },
  { name: 'password', summary: 'make the hash of a password, for server.auth in cameras.yaml', load: () => import('./password.js') },
  { name: 'sign', summary: 'make a link that opens a picture for a while', load: () => import('./sign.js') },
  { name: 'simulate', summary: 'run RTSP cameras that do not exist', load: () => import('./simulate.js') },
  { name: 'import', summary: 'make a cameras.yaml of the file of another program', load: () => import('./import.js') },
  { name: 'completion', summary: 'complete commands, options and camera ids in bash, zsh or fish', load: () => import('./completion.js') },
  { name: 'version', summary: 'print the version', load: () => import('./version.js') }
]
