package spl

import (
	"strings"
	"testing"
)

// accepted are searches in the ways people write them, none of which has a
// mistake.
const accepted = "" +
	`| makeresults count=3 | eval a=case(b=1,"x", true(), "y"), "c d"='e f', {g}=h
index=a|stats count by b|where count>1|table b
index="a" (host="b" OR host="c")(d=e) NOT(f=g)
index=a ("x y" OR "z") | search "a b" OR ("c" AND "d") | search NOT user IN ("a") user!=*$
index=a | eval a=b."-".c, d=mvindex(split(e,"\\"),-1), f=tonumber(g, 16), h=-1, i=j%2, k=l*100/m, n=round(o,2)
index=a | stats sparkline(count, 1h) as trend p95(x) perc99(x) dc(eval(if(y="z",x,null()))) as n by w | where n>2
index=a | stats count(eval(status="x")) as ok, count(eval(searchmatch("a=b OR c"))) AS bad by host
index=a | timechart span=1h limit=10 count by host | chart count over a by b | chart avg(eval(x/y)) AS z OVER a BY b
index=a | streamstats window=5 current=f reset_before="("a=1")" sum(x) as s by y | eventstats count as n by z
index=a | rename "a b" as c, d as "e f" g AS h | rename i.* as * | rename j{}.k as l, eai:acl.app AS app
index=a | fields + a, b* | fields - _raw c | table _time a{}.b "d e" | sort 0 - count, +b | dedup 3 a b sortby -_time
index=a | convert timeformat="%F" ctime(_time) as t | outputlookup append=t key_field=_key other.csv | collect index=b
index=a | rex mode=sed field=x "s/a(b)/\1/g" | rex field=y max_match=0 "[/\\\]z[/\\\](?P<n>[^/]+)\|(?<m>\"q\")" | rex "(?i)\[(?<p>.)"
index=a | tstats prestats=t append=t count from datamodel=M | inputlookup append=true b where (c="d" AND e>3) | join f type=outer max=0 [search g]
index=a [| inputlookup b.csv | rename c as d | fields d | format "(" "(" "AND" ")" "OR" ")"] e=f
index=a | where x>=now()-86400 AND y="" OR NOT (cidrmatch("10.0.0.0/8", z) OR isnull(w)) | where (x="a") OR (x="b")
index=a | eval x=if(a="b" AND NOT c="d", "e", "f"), y=if(isnull(z) or z="", 'a.b.c{}', a{}.b.c) | where x=="e" xor y!="f"
index=a | foreach *_ip [eval <<FIELD>>=lower('<<FIELD>>')] | foreach mode=multivalue b [ | eval c=mvappend(c, <<ITEM>>) ]
index=a | fillnull value=0 a b | fillnull value="n a" | head (x>1) | head 10 | bin span=5m _time as t | bucket _time span=1d
index=a | transaction a b startswith=eval(x=1) endswith=eval(match(y,"z|w")) maxspan=5m mvlist=t | where eventcount>=2 AND duration<10
| union maxtime=60 [search a] [| inputlookup b] | union [search c] | appendcols override=t [search d | stats count] | set union [search e] [search f]
| from lookup:geo | from datamodel:Web.Web | from savedsearch:x | datamodel Web Web search | search Web.url=*
index=_internal source=*metrics.log group="per_index_thruput" earliest=-1d@d latest=@d | dbxquery query="select a, b from c where d='e'" connection="f"
index=a | lookup local=t geo ip AS src OUTPUT country, city AS town | lookup dns clientip | lookup known.csv "a b" AS c OUTPUTNEW d
index=a | top limit=20 showperc=f a, b by c | rare d | iplocation prefix=x_ src | geostats latfield=x_lat count | addtotals row=f col=t fieldname=all
index=a | eval b=json_object("c", d), e=mvmap(f, f.":x"), g=strftime(_time,"%H:%M"), h=relative_time(now(), "-1d@d"), i="it's"
index=a | map maxsearches=5 [search index=b user=$user$] | map search="search index=b x=\"$y$\" | eval z=\"a\\\"b\""
| rest /servicesNS/-/-/saved/searches splunk_server=local | search is_scheduled=1 next_scheduled_time!="" | table title eai:acl.owner
| metadata type=hosts index=* | eval age=now()-recentTime | where age>3600 AND age<86400*7 | sort -age
` + "index=a `comment(\"a \\\"b\\\", (c | d\")` b=1 | search `comment(\"x\")` AND NOT [`unknown_list(a,0,0)`] | eval c=`one_value`\n" +
	"`comment(\"first\")` index=a | where `in_where` AND b=1 | stats `the_aggregates` by c, `the_fields` | rename `the_names` | lookup `the_lookup` d\n" +
	"```first``` index=a ```| b=\"``` c=1 ```last```\n" +
	"  index=a\tb=1\r\n|  stats count\r\n by c\r\n"

func TestAccepted(t *testing.T) {
	for _, text := range strings.Split(strings.ReplaceAll(accepted, "\r\n", "\r"), "\n") {
		text = strings.ReplaceAll(text, "\r", "\r\n")
		q, problems := Parse(text, nil)
		for _, p := range problems {
			t.Errorf("%s\n%q: %s", text, text[p.Span.Start:p.Span.End], p.Message)
		}
		for _, c := range q.Commands {
			if !c.Known {
				t.Errorf("%s\n%s is not known", text, c.Name)
			}
		}
	}
}
