// The page is complete without this: it adds sorting and a filter to the table of hosts.
(function () {
  'use strict';
  var table = document.getElementById('table'), body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows), line = document.getElementById('filter');
  var input = line.querySelector('input'), output = line.querySelector('output');
  var compare = new Intl.Collator('en', {numeric: true}).compare;
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);

  function show() {
    var words = input.value.toLowerCase(), count = 0;
    rows.forEach(function (row) {
      row.hidden = row.textContent.toLowerCase().indexOf(words) < 0;
      count += row.hidden ? 0 : 1;
    });
    output.textContent = words ? count + ' of ' + rows.length : '';
  }

  function sort(column) {
    var up = heads[column].getAttribute('aria-sort') !== 'ascending';
    heads.forEach(function (head) { head.removeAttribute('aria-sort'); });
    heads[column].setAttribute('aria-sort', up ? 'ascending' : 'descending');
    var keyed = rows.map(function (row) { return [row.cells[column].textContent, row]; });
    keyed.sort(function (one, other) { return compare(one[0], other[0]) * (up ? 1 : -1); });
    rows = keyed.map(function (pair) { return pair[1]; });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  heads.forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', function () { sort(column); });
    head.textContent = '';
    head.appendChild(button);
  });
  input.addEventListener('input', show);
  line.hidden = false;
}());
