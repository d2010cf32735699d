// Lab's own form of an extension, written by hand, as it needs no other package: it adds
// a style to the page and keeps the answer to a question hidden until its cell has run.
(() => {
  const here = document.currentScript.src;

  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = here.replace(/stage\.js.*$/, 'stage.css');
  const styled = new Promise(done => { style.onload = style.onerror = done; });
  document.head.append(style);

  // A cell with `course.after` in its metadata answers what the code cell of that id
  // shows. A cell that has a number has run; a restart takes the number away.
  const veil = notebook => {
    const ran = new Set(
      notebook.widgets
        .filter(cell => cell.model.type === 'code' && cell.model.executionCount)
        .map(cell => cell.model.id)
    );
    for (const cell of notebook.widgets) {
      const after = cell.model.getMetadata('course')?.after;
      if (after) cell.toggleClass('course-waits', !ran.has(after));
    }
  };

  const watch = panel => {
    const notebook = panel.content;
    const seen = new WeakSet();
    panel.toolbar.hide();
    const look = () => {
      for (const {model} of notebook.widgets) {
        if (seen.has(model)) continue;
        seen.add(model);
        model.stateChanged.connect((_, change) => {
          if (change.name === 'executionCount') veil(notebook);
        });
      }
      veil(notebook);
    };
    notebook.modelContentChanged.connect(look);
    panel.context.ready.then(look);
  };

  const plugin = {
    id: 'course-stage:plugin',
    description: 'Keeps an answer hidden until the cell that shows it has run.',
    autoStart: true,
    activate: app => {
      app.docRegistry.addWidgetExtension('Notebook', {createNew: watch});
      Promise.all([app.restored, styled]).then(() => {
        app.shell.fit(); // as the style leaves out the row of the title
        for (const side of ['left', 'right'])
          if (document.querySelector(`.jp-SideBar.jp-mod-${side}`)?.offsetWidth)
            app.commands.execute('application:toggle-side-tabbar', {side});
      });
    },
  };
  const factory = () => ({__esModule: true, default: plugin});
  (window._JUPYTERLAB ??= {})['course-stage'] = {
    init: () => {},
    get: () => Promise.resolve(factory),
  };
})();
