namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>Two years of families coming and going in one account.</summary>
sealed class DemoLife(DemoOffice office, DemoRows rows, Random random, DateOnly today, DateTimeOffset now)
{
    const int Days = 730;
    // A large world is for testing the search: an account's other families have enrollments, but no ledger.
    const int FamiliesWithLedger = 300;

    static readonly string[] Reasons =
        ["Moved away", "Schedule conflict", "Cost", "Taking a break", "Medical", "Other activity", "Not satisfied"];
    static readonly string[] Notes =
        ["", "", "", "Will call in the new year.", "Sibling stays.", "Asked for a Saturday class.", "New job, evenings no longer work."];

    readonly DemoLedger ledger = new(office, rows, random, today, now);
    long family = 1000, guardian, student, enrollment;

    /// <param name="enrolled">true or false if a documented test relies on it; null leaves it to chance.</param>
    public void Add(DemoFamily who, bool? enrolled = null)
    {
        var code = office.Account.Code;
        var joined = enrolled is null ? today.AddDays(-random.Next(-10, Days)) : today.AddDays(-400);
        var created = At(joined < today ? joined : today.AddDays(-random.Next(1, 10)));
        family++;
        rows.Family.Add(code, family, FamilyName.Of(who.Guardians), created);
        for (var position = 0; position < who.Guardians.Count; position++)
            rows.Guardian.Add(code, ++guardian, family, position + 1, who.Guardians[position].FirstName, who.Guardians[position].LastName);
        foreach (var email in who.Emails)
            rows.Email.Add(code, family, email);
        for (var n = 0; n < who.Phones.Count; n++)
            rows.Phone.Add(code, family, who.Phones[n], n == 0 ? "mobile" : random.Of(["mobile", "home", "work"]));

        var enrollments = new List<DemoEnrollment>();
        foreach (var child in who.Children)
        {
            rows.Student.Add(code, ++student, family, child, who.ChildrensLastName, today.AddDays(-random.Next(400, 365 * 15)), created);
            if (enrolled is { } stays)
                Enroll(enrollments, joined, stays ? null : joined.AddDays(200), stays ? null : "Moved away");
            else if (random.Chance(0.93)) // the others only inquired
                Live(enrollments, joined.AddDays(random.Next(0, 30)));
        }
        if (family <= 1000 + FamiliesWithLedger)
            ledger.Add(family, enrollments);
    }

    void Live(List<DemoEnrollment> enrollments, DateOnly start)
    {
        if (random.Chance(0.04))
        {
            Row(start, "wait", null, null);
            return;
        }
        if (random.Chance(0.2))
        {
            Row(start, "trial", start, "Trial finished");
            start = start.AddDays(7);
        }
        if (random.Chance(0.06) && start < today.AddDays(-60))
            Row(start.AddDays(random.Next(10, 50)), "make-up", start.AddDays(51), "Make-up taken");
        if (random.Chance(0.05))
            Row(start, "single-day", start, "Single day");

        while (start <= today.AddDays(30))
        {
            var end = start.AddDays(random.Next(60, 300));
            if (end > today)
            {
                // Some have given notice; on the drop date itself they are enrolled until midnight.
                var notice = start < today.AddDays(-30) && random.Chance(0.08);
                Enroll(enrollments, start, notice ? today.AddDays(random.Next(0, 21)) : null, notice ? random.Of(Reasons) : null);
                return;
            }
            if (random.Chance(0.5))
            {
                Enroll(enrollments, start, end, null, transfer: true);
                start = end.AddDays(1);
                continue;
            }
            Enroll(enrollments, start, end, random.Of(Reasons));
            if (!random.Chance(0.3))
                return;
            start = end.AddDays(random.Next(30, 150));
            if (start > today)
                return;
        }
    }

    /// <param name="transfer">The next enrollment added follows this one.</param>
    void Enroll(List<DemoEnrollment> enrollments, DateOnly start, DateOnly? drop, string? reason, bool transfer = false)
    {
        var @class = Row(start, "active", drop, reason, transfer);
        enrollments.Add(new(student, @class, start, drop));
        if (drop is null || drop > today.AddDays(-28))
            Attend(@class, start, drop);
    }

    DemoClass Row(DateOnly start, string type, DateOnly? drop, string? reason, bool transfer = false)
    {
        var @class = random.Of(office.Classes);
        var decided = start.AddDays(-random.Next(0, 14));
        var web = random.Chance(0.4);
        var noticed = drop is { } last ? At(Earlier(last.AddDays(-random.Next(0, 10)), today.AddDays(-1))) : (DateTimeOffset?)null;
        enrollment++;
        rows.Enrollment.Add(office.Account.Code, enrollment, student, @class.Id, type, web ? "web" : "office",
            At(Earlier(decided, today.AddDays(-1))), web ? "web" : office.FrontDesk,
            start, drop, reason, reason is null ? null : random.Of(Notes), noticed, drop is null ? null : random.Chance(0.5)
                ? office.FrontDesk : office.Manager,
            transfer ? enrollment + 1 : null);
        return @class;
    }

    void Attend(DemoClass @class, DateOnly start, DateOnly? drop)
    {
        for (var day = today.AddDays(-28); day < today; day = day.AddDays(1))
            if (day.DayOfWeek == @class.Weekday && day >= start && (drop is null || day <= drop))
                rows.Attendance.Add(office.Account.Code, enrollment, day, random.Chance(0.88), At(day),
                    $"instructor@{office.Account.Code}.example");
    }

    DateTimeOffset At(DateOnly day) => office.Zone.At(day, random, now);

    static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}

sealed record DemoEnrollment(long Student, DemoClass Class, DateOnly Start, DateOnly? Drop);

static class DemoTime
{
    /// <summary>A time in that day's opening hours, never later than now.</summary>
    public static DateTimeOffset At(this TimeZoneInfo zone, DateOnly day, Random random, DateTimeOffset now)
    {
        var local = day.ToDateTime(new TimeOnly(random.Next(8, 19), random.Next(0, 60), random.Next(0, 60)));
        var at = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        return at < now ? at : now;
    }
}
