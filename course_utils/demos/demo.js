// ipywidgets leaves slider handles and Play's buttons without a name and gives a slider
// two Tab stops; Lab takes the arrow keys to walk from cell to cell; and nobody tells a
// screen reader that a picture has changed. All of it is mended here, again after every
// change, as ipywidgets makes its elements anew.
const set = (element, property, value) => {
  if (element[property] !== value) element[property] = value;
};

const name = box => {
  for (const slider of box.querySelectorAll('.widget-slider')) {
    const parts = ['.widget-label', '.widget-readout', '[role=slider]'];
    const [label, readout, handle] = parts.map(part => slider.querySelector(part));
    if (!handle) continue;
    set(handle, 'ariaLabel', label.textContent);
    if (!readout.isContentEditable) continue;
    set(readout, 'role', 'textbox');
    set(readout, 'ariaLabel', label.textContent);
    set(readout, 'tabIndex', -1); // the handle is the slider's one Tab stop
  }
  const question = box.querySelector('.course-question');
  for (const group of box.querySelectorAll('.widget-toggle-buttons')) {
    set(group, 'role', 'group');
    if (question) set(group, 'ariaLabel', question.textContent);
    for (const button of group.querySelectorAll('button'))
      set(button, 'ariaPressed', String(button.classList.contains('mod-active')));
  }
  const acts = box.querySelector('.course-live').dataset.acts.split('|');
  for (const play of box.querySelectorAll('.widget-play'))
    acts.forEach((act, i) => set(play.children[i], 'ariaLabel', act));
  for (const control of box.querySelectorAll('[role=slider], .widget-readout, select'))
    control.dataset.lmSuppressShortcuts = true;
};

const tell = box => {
  const picture = box.querySelector('svg[role=img]');
  const live = box.querySelector('.course-live');
  if (picture) set(live, 'textContent', picture.getAttribute('aria-label'));
};

// A part of a picture with data-click="layer=3 map=1" moves these two sliders there when
// it is clicked; with data-hover, when the pointer is on it.
const point = (box, event, kind) => {
  const part = event.target.closest(`[data-${kind}]`);
  if (!part) return;
  for (const pair of part.dataset[kind].split(' ')) {
    const [wanted, value] = pair.split('=');
    for (const slider of box.querySelectorAll('.widget-slider'))
      if (slider.classList.contains(`course-at-${wanted}`))
        slider.querySelector('.noUi-target').noUiSlider.set(value);
  }
};

const begin = () => {
  const box = this.closest('.course-demo');
  if (!box) return setTimeout(begin, 50);
  const mend = () => { name(box); tell(box); };
  mend();
  const changes = {childList: true, subtree: true, attributeFilter: ['class']};
  new MutationObserver(mend).observe(box, changes);
  box.addEventListener('click', event => point(box, event, 'click'));
  box.addEventListener('pointerover', event => point(box, event, 'hover'));
};
begin();
