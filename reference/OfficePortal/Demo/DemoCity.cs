namespace EnterprisePortal.OfficePortal.Demo;

/// <param name="AreaCode">The area code of its phone numbers.</param>
sealed record DemoCity(string Name, string State, string AreaCode, string TimeZone)
{
    const string Eastern = "America/New_York", Central = "America/Chicago", Mountain = "America/Denver", Arizona = "America/Phoenix",
    Pacific = "America/Los_Angeles";

    public string Slug { get; } = Name.ToLowerInvariant().Replace(' ', '-').Replace(".", "");
    public bool InTheEast => TimeZone == Eastern;

    public static DemoCity Named(string slug) => All.Single(city => city.Slug == slug);

    public static readonly IReadOnlyList<DemoCity> All =
    [
        new("Austin", "TX", "512", Central), new("Denver", "CO", "303", Mountain), new("Boston", "MA", "617", Eastern),
        new("Albany", "NY", "518", Eastern),
        new("Tampa", "FL", "813", Eastern), new("Charlotte", "NC", "704", Eastern), new("Tucson", "AZ", "520", Arizona),
        new("Fresno", "CA", "559", Pacific),
        new("Omaha", "NE", "402", Central), new("Tulsa", "OK", "918", Central), new("Wichita", "KS", "316", Central),
        new("Lincoln", "NE", "531", Central),
        new("Atlanta", "GA", "404", Eastern), new("Phoenix", "AZ", "602", Arizona), new("Seattle", "WA", "206", Pacific),
        new("Portland", "OR", "503", Pacific),
        new("Dallas", "TX", "214", Central), new("Houston", "TX", "713", Central), new("San Antonio", "TX", "210", Central),
        new("El Paso", "TX", "915", Mountain),
        new("Chicago", "IL", "312", Central), new("Madison", "WI", "608", Central), new("Milwaukee", "WI", "414", Central),
        new("Minneapolis", "MN", "612", Central),
        new("Des Moines", "IA", "515", Central), new("Kansas City", "MO", "816", Central), new("St. Louis", "MO", "314", Central),
        new("Little Rock", "AR", "501", Central),
        new("Memphis", "TN", "901", Central), new("Nashville", "TN", "615", Central), new("Knoxville", "TN", "865", Eastern),
        new("Louisville", "KY", "502", Eastern),
        new("Cincinnati", "OH", "513", Eastern), new("Columbus", "OH", "614", Eastern), new("Cleveland", "OH", "216", Eastern),
        new("Pittsburgh", "PA", "412", Eastern),
        new("Philadelphia", "PA", "215", Eastern), new("Baltimore", "MD", "410", Eastern), new("Richmond", "VA", "804", Eastern),
        new("Norfolk", "VA", "757", Eastern),
        new("Raleigh", "NC", "919", Eastern), new("Greensboro", "NC", "336", Eastern), new("Charleston", "SC", "843", Eastern),
        new("Savannah", "GA", "912", Eastern),
        new("Jacksonville", "FL", "904", Eastern), new("Orlando", "FL", "407", Eastern), new("Miami", "FL", "305", Eastern),
        new("Birmingham", "AL", "205", Central),
        new("Mobile", "AL", "251", Central), new("New Orleans", "LA", "504", Central), new("Baton Rouge", "LA", "225", Central),
        new("Jackson", "MS", "601", Central),
        new("Oklahoma City", "OK", "405", Central), new("Topeka", "KS", "785", Central), new("Fargo", "ND", "701", Central),
        new("Sioux Falls", "SD", "605", Central),
        new("Billings", "MT", "406", Mountain), new("Cheyenne", "WY", "307", Mountain), new("Boise", "ID", "208", Mountain),
        new("Salt Lake City", "UT", "801", Mountain),
        new("Colorado Springs", "CO", "719", Mountain), new("Albuquerque", "NM", "505", Mountain), new("Las Vegas", "NV", "702", Pacific),
        new("Reno", "NV", "775", Pacific),
        new("Sacramento", "CA", "916", Pacific), new("Oakland", "CA", "510", Pacific), new("San Diego", "CA", "619", Pacific),
        new("Spokane", "WA", "509", Pacific),
        new("Tacoma", "WA", "253", Pacific), new("Eugene", "OR", "541", Pacific), new("Anchorage", "AK", "907", "America/Anchorage"),
        new("Honolulu", "HI", "808", "Pacific/Honolulu"),
        new("Hartford", "CT", "860", Eastern), new("Providence", "RI", "401", Eastern), new("Worcester", "MA", "508", Eastern),
        new("Burlington", "VT", "802", Eastern),
        new("Manchester", "NH", "603", Eastern), new("Bangor", "ME", "207", Eastern), new("Buffalo", "NY", "716", Eastern),
        new("Rochester", "NY", "585", Eastern),
        new("Syracuse", "NY", "315", Eastern), new("Newark", "NJ", "973", Eastern), new("Wilmington", "DE", "302", Eastern),
        new("Detroit", "MI", "313", Eastern),
        new("Grand Rapids", "MI", "616", Eastern), new("Indianapolis", "IN", "317", Eastern), new("Fort Wayne", "IN", "260", Eastern),
        new("Peoria", "IL", "309", Central)
    ];
}
