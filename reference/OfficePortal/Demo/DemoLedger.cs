using System.Globalization;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>
/// What families owed and paid, month by month, with everything that goes wrong at a front desk: late, partial and excess payments, failed
/// cards, refunds, voids, deleted payments and charges, goodwill.
/// </summary>
sealed class DemoLedger(DemoOffice office, DemoRows rows, Random random, DateOnly today, DateTimeOffset now)
{
    static readonly string[] Brands = ["Visa", "Visa", "Mastercard", "American Express", "Discover"];
    readonly string account = office.Account.Code;
    long charges, payments, events, credits, applications, family;
    string method = "card";
    List<DemoCharge> owed = [];
    List<DemoMoney> money = [];

    public void Add(long ofFamily, IReadOnlyList<DemoEnrollment> enrollments)
    {
        if (enrollments.Count == 0)
            return;
        (family, owed, money) = (ofFamily, [], []);
        method = random.NextDouble() switch { < 0.65 => "card", < 0.8 => "bank", < 0.92 => "check", _ => "cash" };
        var first = enrollments.Min(enrollment => enrollment.Start);
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= today; month = month.AddMonths(1))
            Live(month, first, enrollments);
    }

    void Live(DateOnly month, DateOnly first, IReadOnlyList<DemoEnrollment> enrollments)
    {
        var next = month.AddMonths(1);
        if (month.Month == first.Month)
            Charge(Later(first, month), "Registration Fee", "Yearly registration", 45m);
        foreach (var enrollment in enrollments)
            if (enrollment.Start <= month && (enrollment.Drop is null || enrollment.Drop >= month))
                Charge(month, null, "Tuition", enrollment.Class.Fee, enrollment: enrollment);
            else if (enrollment.Start > month && enrollment.Start < next)
                Charge(enrollment.Start, null, "Tuition, rest of the month",
                    Math.Round(enrollment.Class.Fee * (next.DayNumber - enrollment.Start.DayNumber) / (next.DayNumber - month.DayNumber),
                        2), enrollment: enrollment);
        if (random.Chance(0.06))
            Charge(month.AddDays(random.Next(0, 20)),
                random.Of(office.Categories.Keys.Where(name => name is "Retail" or "Pro Shop").ToList()), "Goggles and cap",
                random.Next(12, 50) - 0.01m, taxed: true);
        if (random.Chance(0.03))
            Charge(month.AddDays(random.Next(0, 20)), "Private Lesson", "Private lesson", 55m, enrollment: random.Of(enrollments));
        if (month.Month is 6 or 7 && random.Chance(0.1))
            Charge(month.AddDays(7), "Camp Fee", "Half-day camp", 219m, enrollment: random.Of(enrollments));
        if (owed.Any(charge => charge.Open > 0 && charge.Due < month))
            Charge(month.AddDays(2), "Late Fee", "Payment past due", 10m);
        if (random.Chance(0.02) && owed.LastOrDefault() is { } wrong)
            Delete(wrong, month.AddDays(1));
        Pay(month.AddDays(random.Next(3, 12)));
    }

    void Pay(DateOnly day)
    {
        if (day > today)
            return;
        if (random.Chance(0.01) && owed.Any(charge => charge.Open > 0))
        {
            var credit = new DemoMoney(++credits, isCredit: true) { Left = random.Next(10, 26) };
            rows.Credit.Add(account, credit.Id, family, random.Of(["Goodwill", "Scholarship", "Referral"]), credit.Left, At(day),
                office.Manager);
            money.Add(credit);
        }
        foreach (var left in money.Where(some => some.Left > 0))
            Apply(left, At(day));
        var due = owed.Sum(charge => charge.Open);
        if (due == 0)
            return;
        var behavior = random.NextDouble();
        if (behavior < 0.08)
            return; // pays next month
        if (behavior < 0.12)
            due = Math.Max(5, Math.Round(due / 2, 2));
        else if (behavior < 0.16)
            due = Math.Ceiling(due / 50) * 50 + 50;
        if (method == "card" && random.Chance(0.04))
        {
            Row(due, At(day), "failed");
            day = day.AddDays(2);
            if (day > today)
                return;
        }
        var at = At(day);
        var payment = new DemoMoney(Row(due, at, "received"), isCredit: false) { Left = due };
        money.Add(payment);
        Apply(payment, at);
        Undo(payment, due, day, at);
    }

    void Undo(DemoMoney payment, decimal amount, DateOnly day, DateTimeOffset paid)
    {
        var chance = random.NextDouble();
        var later = day.AddDays(random.Next(1, 8));
        if (chance >= 0.09 || later.AddDays(2) > today)
            return;
        if (chance < 0.03)
            Event(payment, "refund", random.Chance(0.5) ? amount : Math.Round(amount / 2, 2), At(later), "Class was cancelled");
        else if (chance < 0.055)
            Event(payment, "void", amount, paid.AddMinutes(random.Next(2, 90)), "Wrong family");
        else if (chance < 0.075)
            Event(payment, "delete", amount, At(later), "Entered twice");
        else
        {
            var refund = Event(payment, "refund", amount, At(later), "Entered twice");
            var deleted = At(later.AddDays(2));
            rows.PaymentEvent.Add(account, ++events, payment.Id, "delete", null, -amount, deleted, office.Manager, "Entered twice");
            rows.PaymentEvent.Add(account, ++events, payment.Id, "delete-refund", refund, amount, deleted.AddMinutes(1), office.Manager,
                "Entered twice");
        }
    }

    long Event(DemoMoney payment, string kind, decimal amount, DateTimeOffset at, string reason)
    {
        if (at > now)
            at = now;
        rows.PaymentEvent.Add(account, ++events, payment.Id, kind, null, -amount, at, kind == "delete" ? office.Manager
            : office.FrontDesk, reason);
        var free = Math.Min(payment.Left, amount);
        payment.Left -= free;
        amount -= free;
        foreach (var charge in Enumerable.Reverse(owed).Where(charge => amount > 0 && charge.PaidBy.ContainsKey(payment)))
        {
            var taken = Math.Min(amount, charge.PaidBy[payment]);
            TakeOff(charge, payment, taken, at);
            amount -= taken;
        }
        return events;
    }

    /// <summary>Oldest charge first. Tax goes with the paid part of a charge.</summary>
    void Apply(DemoMoney some, DateTimeOffset at)
    {
        foreach (var charge in owed.Where(charge => charge.Open > 0))
        {
            var amount = Math.Min(some.Left, charge.Open);
            if (amount == 0)
                return;
            some.Left -= amount;
            Row(some, charge, amount, charge.Pay(some, amount), at);
        }
    }

    void TakeOff(DemoCharge charge, DemoMoney some, decimal amount, DateTimeOffset at) =>
        Row(some, charge, -amount, -charge.TakeBack(some, amount), at);

    void Delete(DemoCharge charge, DateOnly day)
    {
        if (day > today)
            return;
        var at = At(day);
        charge.Row[^2] = at;
        charge.Row[^1] = office.Manager;
        foreach (var (some, amount) in charge.PaidBy.ToList())
        {
            TakeOff(charge, some, amount, at);
            some.Left += amount;
        }
        owed.Remove(charge);
    }

    /// <param name="category">null: the tuition category of that month.</param>
    void Charge(DateOnly day, string? category, string description, decimal amount, bool taxed = false, DemoEnrollment? enrollment = null)
    {
        if (day > today)
            return;
        var tax = taxed ? Math.Round(amount * 0.0825m, 2) : 0m;
        var due = day.AddDays(9);
        var row = new object?[]
        {
            account, ++charges, family, enrollment?.Student, enrollment?.Class.Program, category is null ? DemoOffice.TuitionCategoryId(day)
                : office.Categories[category],
            description, day, due, amount, tax, At(day), office.FrontDesk, null, null
        };
        rows.Charge.Add(row);
        owed.Add(new(charges, due, amount + tax, tax, row));
    }

    long Row(decimal amount, DateTimeOffset at, string status)
    {
        var web = method is "card" or "bank" && random.Chance(0.5);
        rows.Payment.Add(account, ++payments, family, at, method, method == "card" ? random.Of(Brands) : null, method == "card"
            ? Number(1000, 10_000) : null,
            method == "check" ? Number(101, 9_999) : null, method is "card" or "bank" ? $"T{Number(10_000_000, 99_999_999)}" : null, amount,
            status, web ? "web" : office.FrontDesk);
        return payments;
    }

    void Row(DemoMoney some, DemoCharge charge, decimal amount, decimal tax, DateTimeOffset at) =>
        rows.Application.Add(account, ++applications, some.IsCredit ? null : some.Id, some.IsCredit ? some.Id : null, charge.Id,
            amount, tax, at);

    string Number(int from, int to) => random.Next(from, to).ToString(CultureInfo.InvariantCulture);

    DateTimeOffset At(DateOnly day) => office.Zone.At(day, random, now);

    static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
