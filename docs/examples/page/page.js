const [problem, login, logout, main, template] = ['[role=alert]', '#login', '#logout', 'main', 'template'].map(selector => document.querySelector(selector))

/** Returns what the application answers. Throws with a sentence for people if it refuses, or does not answer. */
async function ask (address, method = 'GET', body = undefined) {
  const answer = await fetch(address, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    .catch(() => { throw new Error('This site does not answer.') })
  const { message = `This site answered ${answer.status}.`, ...rest } = await answer.json().catch(() => ({}))
  if (answer.ok) return { message, ...rest }
  throw Object.assign(new Error(message), { status: answer.status })
}

function figure (camera, picture, mayControl) {
  const figure = template.content.cloneNode(true).firstElementChild
  const [name, output] = ['b', 'output'].map(tag => figure.querySelector(tag))
  figure.prepend(picture)
  name.textContent = camera.name
  output.textContent = camera.problem ?? ''
  for (const button of figure.querySelectorAll('button')) {
    button.hidden = !mayControl
    button.onclick = async () => {
      output.textContent = '…'
      output.textContent = await ask(`/cameras/${camera.id}/${button.value}`, 'POST').then(({ message }) => message, error => error.message)
    }
  }
  return figure
}

try {
  const { camgate, link, cameras, mayControl } = await ask('/cameras')
  const script = Object.assign(document.createElement('script'), { src: `${camgate}/view.js` })
  document.head.append(script)
  for (const [index, camera] of cameras.entries()) {
    const picture = document.createElement(index === 0 ? 'img' : 'camgate-view')
    if (index === 0) Object.assign(picture, { src: camera.image, alt: camera.name })
    else {
      for (const [name, value] of Object.entries({ camera: camera.id, src: camgate, link })) picture.setAttribute(name, value)
      picture.renew = async () => (await ask('/cameras')).link
    }
    main.append(figure(camera, picture, mayControl))
  }
  logout.hidden = false
} catch (error) {
  problem.textContent = error.message
  login.hidden = error.status !== 401
  logout.hidden = error.status === 401
}

login.onsubmit = event => {
  event.preventDefault()
  ask('/login', 'POST', Object.fromEntries(new FormData(login))).then(() => globalThis.location.reload(), error => { problem.textContent = error.message })
}
logout.onclick = () => ask('/logout', 'POST').then(() => globalThis.location.reload(), error => { problem.textContent = error.message })
