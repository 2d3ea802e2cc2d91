// The search of the catalog. The pages work without it.
(function () {
  "use strict";
  var root = document.documentElement.getAttribute("data-root") || "";
  var form = document.querySelector("form.search");
  var input = document.getElementById("q");
  var results = document.getElementById("results");
  var most = 40;
  var loading = false;

  form.hidden = false;

  // The index is large, so it is only loaded when someone searches.
  function load() {
    if (loading || window.detlintIndex) return;
    loading = true;
    var script = document.createElement("script");
    script.src = root + "search-index.js";
    script.onload = show;
    script.onerror = function () {
      loading = false;
      say("The search index could not be loaded.");
    };
    document.head.appendChild(script);
  }

  function say(text) {
    results.textContent = "";
    var p = document.createElement("p");
    p.textContent = text;
    results.appendChild(p);
    results.hidden = false;
  }

  // Lower is better: the words themselves, a beginning, a part.
  function rank(name, query) {
    name = name.toLowerCase();
    if (name === query) return 0;
    if (name.indexOf(query) === 0) return 1;
    if (name.indexOf(query) > 0) return 2;
    return 3;
  }

  function find(query) {
    var words = query.split(/\s+/);
    var hits = [];
    window.detlintIndex.forEach(function (e, i) {
      var text = (e[1] + " " + e[2]).toLowerCase();
      if (words.every(function (w) { return text.indexOf(w) >= 0; })) {
        hits.push({ entry: e, rank: rank(e[1], query), at: i });
      }
    });
    hits.sort(function (a, b) { return a.rank - b.rank || a.at - b.at; });
    return hits;
  }

  function show() {
    var query = input.value.trim().toLowerCase();
    if (query.length < 2) {
      results.hidden = true;
      return;
    }
    if (!window.detlintIndex) {
      load();
      return;
    }
    var hits = find(query);
    if (hits.length === 0) {
      say("Nothing found.");
      return;
    }
    results.textContent = "";
    var list = document.createElement("ul");
    hits.slice(0, most).forEach(function (h) {
      var item = document.createElement("li");
      var kind = document.createElement("span");
      kind.className = "k";
      kind.textContent = h.entry[0];
      var link = document.createElement("a");
      link.href = root + h.entry[3];
      link.textContent = h.entry[1];
      var more = document.createElement("small");
      more.textContent = h.entry[2];
      item.append(kind, link, more);
      list.appendChild(item);
    });
    results.appendChild(list);
    if (hits.length > most) {
      var p = document.createElement("p");
      p.textContent = "and " + (hits.length - most) + " more";
      results.appendChild(p);
    }
    results.hidden = false;
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", show);
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var first = results.querySelector("a");
    if (first && !results.hidden) window.location.href = first.href;
  });
  document.addEventListener("keydown", function (e) {
    if (e.key === "Escape") results.hidden = true;
    if (e.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      e.preventDefault();
      input.focus();
    }
  });
  document.addEventListener("click", function (e) {
    if (!form.contains(e.target)) results.hidden = true;
  });

  // A link may bring its question along: index.html#q=rclone
  var asked = /^#q=(.+)$/.exec(window.location.hash);
  if (asked) {
    try { input.value = decodeURIComponent(asked[1]); } catch (e) { input.value = asked[1]; }
    show();
  }
})();
