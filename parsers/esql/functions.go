package esql

import (
	"slices"
	"strings"
)

// The functions of ES|QL by the chapters of its reference ("ES|QL functions
// and operators"), other accepted names and ones still in preview included.
const (
	aggregateFunctions = `absent avg count count_distinct first last all_first all_last earliest latest max median
		median_absolute_deviation min percentile present sample sparkline st_centroid_agg st_extent_agg std_dev
		sum top values variance weighted_avg`
	timeSeriesFunctions = `absent_over_time avg_over_time count_over_time count_distinct_over_time delta deriv
		first_over_time idelta increase irate last_over_time max_over_time min_over_time percentile_over_time
		predict_linear present_over_time rate stddev_over_time sum_over_time variance_over_time`
	groupingFunctions    = `bucket bin categorize tbucket tstep without`
	conditionalFunctions = `case clamp clamp_max clamp_min coalesce greatest least`
	dateFunctions        = `date_diff date_extract date_format date_parse date_trunc date_unit_count day day_name
		days_in_month hour month month_name now trange year in_range range_min range_max range_contains range_intersects range_within`
	addressFunctions = `cidr_match ip_prefix network_direction`
	mathFunctions    = `abs acos acosh asin asinh atan atan2 atanh cbrt ceil copy_sign cos cosh e exp floor hypot log
		log10 pi pow round round_to scalb signum sin sinh sqrt tan tanh tau`
	searchFunctions  = `decay kql match match_phrase multi_match qstr score term top_snippets extract_snippets`
	vectorFunctions  = `embedding embed_text knn text_embedding v_cosine v_dot_product v_hamming v_l1_norm v_l2_norm v_magnitude`
	spatialFunctions = `st_buffer st_contains st_difference st_dimension st_disjoint st_distance st_envelope st_geohash
		st_geohash_to_geoshape st_geohash_to_long st_geohash_to_string st_geohex st_geohex_to_geoshape
		st_geohex_to_long st_geohex_to_string st_geometrytype st_geotile st_geotile_to_geoshape st_geotile_to_long
		st_geotile_to_string st_intersection st_intersects st_isempty st_npoints st_simplify st_simplifypreservetopology st_symdifference st_union
		st_within
		st_x st_xmax st_xmin st_y st_ymax st_ymin`
	stringFunctions = `ascii bit_length byte_length chunk concat contains ends_with fmt_bytes fmt_bytes_si fmt_duration fmt_percent from_base64 hash left length
		locate ltrim md5 repeat replace reverse right rtrim sha1 sha256 space split starts_with substring to_ascii
		to_base64 to_lower to_upper trim url_decode url_encode url_encode_component json_extract field_extract`
	conversionFunctions = `to_aggregate_metric_double to_aggregatemetricdouble to_bool to_boolean to_cartesianpoint
		to_cartesianshape to_counter to_date_nanos to_date_range to_dateperiod to_datenanos to_datetime to_dbl
		to_degrees to_dense_vector to_double to_dt to_exponential_histogram to_gauge to_geohash to_geohex to_geopoint
		to_geoshape to_geotile to_int to_integer to_ip
		to_long to_radians to_range to_str to_string to_tdigest
		to_text to_timeduration to_ul to_ulong to_unsigned_long to_ver to_version`
	multivalueFunctions = `mv_append mv_avg mv_concat mv_contains mv_contains_all mv_count mv_dedupe mv_difference
		mv_first mv_greater mv_in_range mv_intersection mv_intersects mv_last mv_less mv_like mv_max mv_median mv_median_absolute_deviation mv_min
		mv_percentile mv_pseries_weighted_sum mv_rlike mv_slice mv_sort mv_sum mv_union mv_zip`
)

// functions are all of them, functionNames the same in order.
var functions = words(aggregateFunctions, timeSeriesFunctions, groupingFunctions, conditionalFunctions, dateFunctions,
	addressFunctions, mathFunctions, searchFunctions, vectorFunctions, spatialFunctions, stringFunctions,
	conversionFunctions, multivalueFunctions)

var functionNames = sorted(functions)

// transparent are the functions that change only the case, the type or the
// white space around a value: what they return is compared as the field.
var transparent = words(`to_lower to_upper trim ltrim rtrim to_str to_string to_text to_bool to_boolean to_int to_integer
	to_long to_ul to_ulong to_unsigned_long to_dbl to_double to_ip
	to_ver to_version to_dt to_datetime to_date_nanos
	to_datenanos to_gauge to_counter`)

// passing are the aggregates whose result is values of the field, and the
// functions that hand on some of the values of a field as they are.
var passing = words(`values first last all_first all_last earliest latest mv_first mv_last mv_dedupe mv_sort mv_slice`)

// timeUnits are the units of a span of time.
var timeUnits = words(`millisecond milliseconds ms second seconds sec s minute minutes min m hour hours h day days d
	week weeks w month months mo quarter quarters q year years yr y`)

// words makes a set of the words of lists.
func words(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, word := range strings.Fields(list) {
			set[word] = true
		}
	}
	return set
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for word := range set {
		list = append(list, word)
	}
	slices.Sort(list)
	return list
}
