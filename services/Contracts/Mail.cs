// Published by any service that has to tell somebody something by e-mail, delivered by Identity.
namespace EnterprisePortal.Contracts.Mail;

/// <summary>
/// One e-mail, in plain text. Published with the change it tells about, it is neither lost nor sent for a change that never happened; it
/// becomes one e-mail however often the message arrives.
/// </summary>
/// <param name="To">One address: <c>root-admin@bluedolphin.example</c>.</param>
/// <param name="Group">Any group of the enterprise that it is about, whose name and color it then has.</param>
public record SendMail(string To, string Subject, string Text, Guid? Group = null);
