using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.OfficePortal.Import;

/// <summary>
/// A roster as CSV (UTF-8, comma, one header row; see sample.csv). Rows with the same Family are one family; each may add a guardian,
/// contact details, a student or all of these. Emails and Phones hold several values separated by <c>;</c>. A student with Level, Program
/// and Enrolled (a date) is enrolled.
/// </summary>
sealed class FamilyFile
{
    static readonly string[] Required = ["family", "guardianfirstname", "guardianlastname"];
    static readonly string[] Dates = ["yyyy-MM-dd", "M/d/yyyy"];

    readonly Dictionary<string, ImportedFamily> families = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<ImportedFamily> Families => families.Values;

    /// <summary>In words, with their line numbers. If there is any, nothing of the file is imported.</summary>
    public List<string> Faults { get; } = [];

    /// <param name="country">The account's country, in whose format people write phone numbers.</param>
    public static async Task<FamilyFile> Read(Stream csv, string country)
    {
        var file = new FamilyFile();
        // Excel's plain "CSV" is not UTF-8, and would arrive with broken names.
        using var text = new StreamReader(csv, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            await file.Read(text, country);
        }
        catch (DecoderFallbackException)
        {
            file.Faults.Add("The file is not UTF-8. In Excel, save it as \"CSV UTF-8\".");
        }
        return file;
    }

    async Task Read(StreamReader text, string country)
    {
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            PrepareHeaderForMatch = header => string.Concat(header.Header.Where(char.IsLetterOrDigit)).ToLowerInvariant(),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = bad => Faults.Add($"line {bad.Context.Parser!.RawRow}: a quotation mark is out of place"),
            MissingFieldFound = null
        });
        if (!await csv.ReadAsync() || !csv.ReadHeader())
        {
            Faults.Add("The file is empty.");
            return;
        }
        var headers = csv.HeaderRecord!.Select(header => csv.Configuration.PrepareHeaderForMatch(new(header, 0))).ToHashSet();
        Faults.AddRange(Required.Where(column => !headers.Contains(column)).Select(column => $"line 1: the column {column} is missing"));
        if (Faults.Count > 0)
            return;
        while (await csv.ReadAsync())
            Row(csv, csv.Parser.RawRow, country);
        foreach (var family in families.Values.Where(family => family.Guardians.Count == 0))
            Faults.Add($"line {family.Line}: the family {family.Key} has no guardian");
    }

    void Row(CsvReader csv, int line, string country)
    {
        var before = Faults.Count;
        string Value(string column) => csv.TryGetField<string>(column, out var value) ? value ?? "" : "";
        string[] Several(string column) => Value(column).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        void Fault(string words) => Faults.Add($"line {line}: {words}");

        var key = Value("family");
        if (key.Length == 0)
        {
            Fault("Family is empty");
            return;
        }
        if (!families.TryGetValue(key, out var family))
            families.Add(key, family = new(key, line));

        var (first, last) = (Value("guardianfirstname"), Value("guardianlastname"));
        if (first.Length == 0 != (last.Length == 0))
            Fault("a guardian needs a first and a last name");
        else if (first.Length > 0 && !family.Guardians.Contains(new(first, last)))
            family.Guardians.Add(new(first, last));

        foreach (var email in Several("emails"))
            if (System.Net.Mail.MailAddress.TryCreate(email, out var address) && address.Address == email)
                family.Emails.Add(email);
            else
                Fault($"\"{email}\" is not an e-mail address");
        foreach (var phone in Several("phones"))
            if (PhoneReading.Valid(phone, country) is { } number)
                family.Phones.Add(number);
            else
                Fault($"\"{phone}\" is not a phone number in {country}");

        var (student, level, program, enrolled) = (Value("student"), Value("level"), Value("program"), Value("enrolled"));
        DateOnly? start = DateOnly.TryParseExact(enrolled, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : null;
        var named = new[] { level, program, enrolled }.Count(value => value.Length > 0);
        if (enrolled.Length > 0 && start is null)
            Fault($"\"{enrolled}\" is not a date; write 2026-09-01 or 9/1/2026");
        if (named is 1 or 2)
            Fault("an enrollment needs Level, Program and Enrolled");
        if (named > 0 && student.Length == 0)
            Fault("an enrollment needs a Student");
        if (Faults.Count == before && student.Length > 0)
            family.Students.Add(new(student, named == 3 ? new(level, program, start!.Value) : null));
    }
}

/// <param name="Key">The file's name for the family; it only holds its rows together.</param>
/// <param name="Line">The line of its first row.</param>
sealed record ImportedFamily(string Key, int Line)
{
    public List<Guardian> Guardians { get; } = [];
    public SortedSet<string> Emails { get; } = new(StringComparer.OrdinalIgnoreCase);
    public SortedSet<string> Phones { get; } = new(StringComparer.Ordinal);
    public List<ImportedStudent> Students { get; } = [];
}

/// <param name="Name">First name, or first and last: <c>Zoë De La Cruz</c>.</param>
sealed record ImportedStudent(string Name, ImportedEnrollment? Enrollment);

sealed record ImportedEnrollment(string Level, string Program, DateOnly Start);
