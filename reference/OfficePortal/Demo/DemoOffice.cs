using System.Globalization;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>The contents of an account before its first family: staff with their permissions, names, classes.</summary>
sealed class DemoOffice
{
    public const string Password = "Demo-2026!";

    static readonly string[] Sites = ["Main", "North", "Lakeside"];

    public DemoAccount Account { get; }
    public TimeZoneInfo Zone { get; }
    public IReadOnlyList<DemoClass> Classes { get; }
    public IReadOnlyDictionary<string, long> Categories { get; }
    public string FrontDesk => $"frontdesk@{Account.Code}.example";
    public string Manager => $"manager@{Account.Code}.example";

    readonly DemoRows rows;
    readonly Random random;
    readonly IReadOnlyList<AccountLocation> locations;

    public DemoOffice(DemoAccount account, DemoRows rows, Random random, DateOnly today, int families, string passwordHash,
        byte[] pairingCodeHash, DateTimeOffset pairingCodeExpiresAt)
    {
        (Account, this.rows, this.random) = (account, rows, random);
        Zone = TimeZoneInfo.FindSystemTimeZoneById(account.City.TimeZone);
        locations = [.. Sites[..random.Next(1, 4)]
            .Select(part => new AccountLocation($"{account.City.Name} {part}", account.City.Name, account.City.State))];
        var owner = $"{random.Of(DemoNames.Parents)} {random.Of(DemoNames.Last)}";
        var contact = new AccountContact(
            $"{random.Of(DemoNames.Parents)} {random.Of(DemoNames.Last)}", Manager, $"+1{account.City.AreaCode}5550190");
        rows.Account.Add(account.Code, account.Name, owner, Json(contact), Json(locations), account.City.TimeZone, "US", pairingCodeHash,
            pairingCodeExpiresAt);

        var instructors = AddStaff(owner, contact.Name, passwordHash);
        var programs = AddNames(rows.Program, account.Enterprise.Programs);
        var levels = AddNames(rows.Level, account.Enterprise.Levels);
        Categories = AddNames(rows.ChargeCategory, account.Enterprise.Categories);
        foreach (var (name, id) in TuitionCategories(today))
            rows.ChargeCategory.Add(account.Code, id, name);
        rows.Policy.Add(account.Code, "Make-up classes",
            "A missed class can be made up within 30 days, if it was cancelled before it began.", today.AddDays(-700));
        rows.Policy.Add(account.Code, "Photos",
            "We show photos of classes only with a guardian's consent, which can be taken back at any time.", today.AddDays(-400));
        Classes = AddClasses(programs, levels, instructors, Math.Max(24, families / 4));
    }

    /// <summary>A category per month, as many accounts have them: names that differ slightly and yet are no slips.</summary>
    public static string TuitionCategory(DateOnly month) => month.ToString("yyyy MMMM 'Rec Tuition'", CultureInfo.InvariantCulture);

    public static long TuitionCategoryId(DateOnly month) => 1000 + month.Year * 12 + month.Month;

    static IEnumerable<(string Name, long Id)> TuitionCategories(DateOnly today)
    {
        for (var month = new DateOnly(Math.Min(2025, today.Year - 2), 1, 1); month <= today
            || month.Year <= 2025; month = month.AddMonths(1))
            yield return (TuitionCategory(month), TuitionCategoryId(month));
    }

    List<string> AddStaff(string owner, string manager, string passwordHash)
    {
        var code = Account.Code;
        string[] reports = [.. PermissionCatalogue.ById.Keys.Where(id => id.StartsWith("reports.", StringComparison.Ordinal))];
        string[] instructing = ["access.staff-portal", "access.time-clock", "access.mobile-app", "students.view", "classes.view",
            "classes.attendance"];
        string[] atTheDesk =
        [
            "access.office-portal", "access.check-in-kiosk", "access.time-clock", "families.view", "families.edit", "students.view",
            "students.enroll", "students.drop", "classes.view",
            "ledger.view", "ledger.charge", "ledger.pay", "communications.contact-list", "pos.sell", "policies.view", "reports.cla-5",
            "reports.cla-9", "background-tasks.view"
        ];
        string[] forThePortal =
        [
            .. atTheDesk.Where(id => !id.StartsWith("reports.", StringComparison.Ordinal)), .. reports, "access.staff-portal", "staff.view",
            "ledger.refund", "ledger.delete-charges",
            "ledger.delete-payments", "settings.levels", "settings.programs", "settings.charge-categories", "audit-log.view"
        ];
        rows.UserGroup.Add(code, "Managers", PermissionCatalogue.ById.Keys.ToArray());
        rows.UserGroup.Add(code, "Front Desk", atTheDesk);
        rows.UserGroup.Add(code, "Instructors", instructing);
        rows.UserGroup.Add(code, "Enterprise Portal", forThePortal.Except(NotForThePortal(Account.City.Slug)).ToArray());

        void Add(string email, string name, string? group, bool direct = true, bool full = false, bool portal = false)
        {
            rows.Staff.Add(code, email, name, direct ? passwordHash : null, full, portal);
            if (group is not null)
                rows.StaffUserGroup.Add(code, email, group);
        }

        Add($"owner@{code}.example", owner, null, full: true);
        Add(Manager, manager, "Managers");
        Add(FrontDesk, $"{random.Of(DemoNames.Parents)} {random.Of(DemoNames.Last)}", "Front Desk");
        rows.StaffPermission.Add(code, FrontDesk, "reports.fin-2");
        Add($"portal-admin@{Account.Enterprise.Code}.example", $"{Account.Enterprise.ShortName} Admin", null, direct: false, full: true,
            portal: true);
        if (code != "tumbletime-lincoln") // so that one entry fails, and the portal says why before the click
            Add($"portal-user@{Account.Enterprise.Code}.example", $"{Account.Enterprise.ShortName} User", "Enterprise Portal",
                direct: false, portal: true);

        List<string> instructors = [$"instructor@{code}.example"];
        Add(instructors[0], $"{random.Of(DemoNames.Instructors)} {random.Of(DemoNames.Last)}", "Instructors");
        foreach (var first in DemoNames.Instructors.OrderBy(_ => random.Next()).Take(5))
        {
            instructors.Add($"{first.ToLowerInvariant()}@{code}.example");
            Add(instructors[^1], $"{first} {random.Of(DemoNames.Last)}", "Instructors");
        }
        return instructors;
    }

    /// <summary>The permissions of the login-as staff user of a group's Users differ from account to account.</summary>
    static string[] NotForThePortal(string city) => city switch
    {
        "fresno" => ["ledger.delete-payments"],
        "albany" => ["ledger.refund", "audit-log.view"],
        "tucson" => ["settings.levels", "settings.programs", "settings.charge-categories"],
        "tampa" => ["families.edit"],
        "tulsa" => ["reports.fin-4", "ledger.delete-charges"],
        "wichita" => ["reports.fin-1", "reports.fin-2"],
        _ => []
    };

    /// <summary>Ids by the correct name, even if this account's name has a slip.</summary>
    Dictionary<string, long> AddNames(CopyTable table, string[] names)
    {
        var ids = new Dictionary<string, long>();
        foreach (var (name, typed) in names.Zip(Account.Spelled(names)))
        {
            long id = ids[name] = ids.Count + 1;
            if (table == rows.Level)
                table.Add(Account.Code, id, typed, (int)id);
            else
                table.Add(Account.Code, id, typed);
        }
        return ids;
    }

    List<DemoClass> AddClasses(Dictionary<string, long> programs, Dictionary<string, long> levels, List<string> instructors, int count)
    {
        var classes = new List<DemoClass>();
        var programNames = programs.Keys.ToList();
        var typedLevels = Account.Spelled([.. levels.Keys]);
        for (var id = 1L; id <= count; id++)
        {
            var level = (int)(id % levels.Count);
            var program = levels.Keys.ElementAt(level) switch
            {
                var name when name.StartsWith("Adult", StringComparison.Ordinal) => "Adult Swim",
                var name when name.StartsWith("Ninja", StringComparison.Ordinal) => "Ninja",
                var name when name.StartsWith('T') && programs.ContainsKey("Tots") => "Tots",
                _ => random.Chance(0.7) ? programNames[0] : programNames[random.Next(1, 4)]
            };
            var weekday = random.Next(0, 7);
            var starts = new TimeOnly(random.Next(9, 19), random.Next(0, 4) * 15);
            var fee = random.Next(70, 165) + (random.Chance(0.3) ? 0.50m : 0m);
            rows.Class.Add(Account.Code, id,
                $"{typedLevels[level]} {(DayOfWeek)weekday} {starts.ToString("h:mm tt", CultureInfo.InvariantCulture)}", programs[program],
                level + 1L,
                id % 4 == 0 ? instructors[0] : random.Of(instructors), random.Of(locations).Name, weekday, starts,
                random.Of([30, 45, 60]), fee);
            classes.Add(new(id, programs[program], (DayOfWeek)weekday, fee));
        }
        return classes;
    }

    static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, JsonSerializerOptions.Web);
}

sealed record DemoClass(long Id, long Program, DayOfWeek Weekday, decimal Fee);
